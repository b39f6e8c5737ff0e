// Texts: rebuilding one from what lies below the line and its ops, folding, and the feed's splices.
#include <algorithm>

#include "base/assert.hpp"
#include "base/memory.hpp"
#include "base/sort.hpp"
#include "history/slot_logs.hpp"
#include "history/texts.hpp"

namespace vuer_rtc {

namespace {

bool starts_before(const IdRange& a, const IdRange& b) {
  return a.agent != b.agent ? a.agent < b.agent : a.n < b.n;
}

/// Copies the units of a run that no range of `left_out` (sorted) holds.
void copy_run(const Run& run, const std::vector<IdRange>& left_out, Sequence& into) {
  const std::uint64_t end = run.first.n + run.length;
  std::uint64_t at = run.first.n;
  const IdRange start{run.first.agent, at, 0};
  auto next = std::upper_bound(left_out.begin(), left_out.end(), start, starts_before);
  if (next != left_out.begin() && std::prev(next)->agent == run.first.agent) --next;
  while (at < end) {
    std::uint64_t stop = end;
    while (next != left_out.end() && next->agent == run.first.agent && next->n + next->length <= at)
      ++next;
    const bool is_left_out =
        next != left_out.end() && next->agent == run.first.agent && next->n < end;
    if (is_left_out) stop = std::max(at, next->n);
    if (stop > at) {
      const std::uint64_t offset = at - run.first.n;
      const UnitId anchor = offset == 0 ? run.anchor : UnitId{run.first.agent, at - 1};
      into.insert(Insert{UnitId{run.first.agent, at}, anchor, run.seq, run.ts,
                         run.content.substr(offset, stop - at), run.undone});
    }
    at = is_left_out ? std::min(end, next->n + next->length) : end;
  }
}

}  // namespace

Sequence Texts::base_of(const Text& text) const {
  Sequence base(messages_.clients());
  if (text.is_stale) return base;
  std::vector<IdRange> above;
  for (const PlacedTextOp& op : text.log) {
    if (op.is_valid && op.length > 0)
      above.push_back(IdRange{op.first.agent, op.first.n, op.length});
  }
  sort_range(above.begin(), above.end(), starts_before);
  const auto copy = [&](const Run& run) { copy_run(run, above, base); };
  text.sequence.for_each_run(copy);
  text.sequence.for_each_waiting(copy);
  for (const IdRange& range : text.base_removed) base.cover(range);
  return base;
}

Sequence Texts::base_sequence(TextId id) const { return base_of(texts_[id]); }

/// A stale text's sequence is its base already.
void Texts::rebuild(Text& text) const {
  if (!text.is_stale) text.sequence = base_of(text);
  text.is_stale = false;
  text.is_whole = true;
  text.order_bound = 0;
  text.has_delayed = false;
  std::vector<PlacedTextOp> log;
  log.swap(text.log);
  TextOp parsed;
  for (std::size_t i = 0; i < log.size();) {
    const MessageIndex message = log[i].place.message;
    const std::size_t from = i;
    for (; i < log.size() && log[i].place.message == message; ++i) reenter(text, log[i], parsed);
    if (!messages_[message].undone) continue;
    for (std::size_t own = from; own < i; ++own) set_undone(text, text.log[own], true);
  }
  if (watching_) text.sequence.watch();
}

/// One op again, at the end. A message's own edits count as not undone while its positions are
/// resolved.
void Texts::reenter(Text& text, const PlacedTextOp& before, TextOp& parsed) const {
  Operation op;
  Place changed;
  decode_at(messages_, before.place, op);
  RTC_ASSERT(parse_text_op(op, messages_.clients(), parsed));
  PlacedTextOp entry;
  entry.place = before.place;
  entry.is_delete = before.is_delete;
  entry.is_position = before.is_position;
  text.log.push_back(std::move(entry));
  MessageRecord& message = messages_[before.place.message];
  const bool undone = message.undone;
  message.undone = false;
  integrate(text, text.log.size() - 1, parsed, changed);
  message.undone = undone;
}

// ---- the line

void Texts::fold(const std::vector<std::uint8_t>& is_folded) {
  for (Text& text : texts_) {
    std::size_t count = 0;
    while (count < text.log.size() && is_folded[text.log[count].place.message]) {
      const PlacedTextOp& op = text.log[count++];
      text.base_begun = text.base_begun || (took_effect(op) && !op.is_delete);
      if (op.is_valid && !op.undone) {
        text.base_removed.insert(text.base_removed.end(), op.removed.begin(), op.removed.end());
      }
      if (op.is_position || !op.is_valid) --text.order_bound;
    }
    text.log.erase(text.log.begin(), text.log.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

void Texts::load_removed(TextId id, const IdRange& range) {
  texts_[id].base_removed.push_back(range);
  texts_[id].sequence.cover(range);
}

// ---- the feed

void Texts::watch() {
  watching_ = true;
  for (Text& text : texts_) text.sequence.watch();
}

bool Texts::take_splice(TextId id, Splice& out, bool& whole) {
  Text& text = texts_[id];
  whole = text.is_whole;
  const bool changed = text.sequence.take_splice(out);
  if (!whole) return changed;
  text.is_whole = false;
  out = Splice{0, 0, {}};
  text.sequence.append_units(out.inserted);
  return true;
}

std::size_t Texts::growth(std::size_t units) const {
  std::size_t largest = 0;
  for (TextId id = 0; id < texts_.size(); ++id) {
    const Text& text = texts_[id];
    const std::size_t rebuild = text.order_bound > 0 ? reading_bytes(id) : 0;
    largest =
        std::max(largest, text.sequence.growth(units) + growth_of(text.log, units + 1) + rebuild);
  }
  return largest;
}

std::size_t Texts::reading_bytes(TextId id) const {
  // A run is copied as a piece, kept as a joined run and written; its units up to four times.
  constexpr std::size_t kPerText = 8192, kPerRun = 640, kPerUnit = 32, kPerRange = 256;
  const Text& text = texts_[id];
  const Names& clients = messages_.clients();
  std::size_t bytes = kPerText + kPerRun * text.log.size() + kPerRange * text.base_removed.size();
  const auto count = [&](const Run& run) {
    bytes += kPerRun + kPerUnit * run.length + 2 * clients.view(run.first.agent).size();
    if (!run.anchor.is_none()) bytes += clients.view(run.anchor.agent).size();
  };
  text.sequence.for_each_run(count);
  text.sequence.for_each_waiting(count);
  return bytes;
}

std::size_t Texts::rebuilding_bytes() const {
  std::size_t bytes = 0;
  for (TextId id = 0; id < texts_.size(); ++id) {
    if (!texts_[id].log.empty()) bytes += reading_bytes(id);
  }
  return bytes;
}

void Texts::check() const {
  for (const Text& text : texts_) {
    RTC_ASSERT(!text.is_stale);
    text.sequence.check();
    for (std::size_t i = 0; i < text.log.size(); ++i) {
      RTC_ASSERT(messages_[text.log[i].place.message].live);
      RTC_ASSERT(i == 0 || messages_.before(text.log[i - 1].place, text.log[i].place));
      RTC_ASSERT(text.log[i].undone == messages_[text.log[i].place.message].undone);
    }
  }
}

}  // namespace vuer_rtc
