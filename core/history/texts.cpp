// Texts: integrating ops at their places, and what a place shows.
#include "history/texts.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "history/slot_logs.hpp"

namespace vuer_rtc {

TextId Texts::text_of(SlotId slot) {
  Slot& owner = graph_.slot(slot);
  if (owner.text == kNone) {
    owner.text = static_cast<TextId>(texts_.size());
    texts_.emplace_back(messages_.clients());
    texts_.back().slot = slot;
    if (watching_) texts_.back().sequence.watch();
  }
  return owner.text;
}

std::size_t Texts::index_of(const Text& text, Place place) const {
  if (text.log.empty() || messages_.before(text.log.back().place, place)) return text.log.size();
  const auto at = std::partition_point(
      text.log.begin(), text.log.end(),
      [&](const PlacedTextOp& op) { return messages_.before(op.place, place); });
  return static_cast<std::size_t>(at - text.log.begin());
}

void Texts::lower(Place place, Place& changed) const {
  if (changed.message == kNoMessage || messages_.before(place, changed)) changed = place;
}

// ---- entering

bool Texts::add(TextId id, Place place, const Operation& op, Place& changed, TextOp* given) {
  TextOp& parsed = given ? *given : parsed_;
  if (!given && !parse_text_op(op, messages_.clients(), parsed)) return false;
  const MessageRecord& message = messages_[place.message];
  if (parsed.has_insert && !parsed.is_position && parsed.first.agent != message.client)
    return false;
  Text& text = texts_[id];
  const std::size_t index = index_of(text, place);
  PlacedTextOp entry;
  entry.place = place;
  entry.is_delete = op.kind == OpKind::TextDelete;
  entry.is_position = parsed.is_position;
  text.log.insert(text.log.begin() + static_cast<std::ptrdiff_t>(index), std::move(entry));
  if (text.is_stale) return true;
  const bool is_last = index + 1 == text.log.size();
  const bool claimed =
      parsed.has_insert && !parsed.is_position && text.sequence.is_claimed(parsed.units());
  const bool by_order = text.order_bound > 0 || text.has_delayed || parsed.is_position || claimed;
  if ((by_order && !is_last) || (parsed.is_position && message.undone)) {
    rebuild(text);
    changed = place;
    return true;
  }
  integrate(text, index, parsed, changed);
  return true;
}

/// Brings one op into the sequence, as at the end of what the sequence holds.
void Texts::integrate(Text& text, std::size_t index, TextOp& op, Place& changed) const {
  PlacedTextOp& entry = text.log[index];
  const MessageRecord& message = messages_[entry.place.message];
  entry.undone = message.undone;
  entry.is_valid = false;
  text.order_bound += op.is_position;
  if (op.is_position) {
    resolve_position(text.sequence, message.client, message.ts, UnitId{}, op);
  } else if (op.has_insert && text.sequence.is_claimed(op.units())) {
    ++text.order_bound;
    has_conflict_ = true;
    return;
  }
  entry.is_valid = true;
  entry.removed = op.removed;
  entry.first = op.first;
  entry.length = 0;
  entry.placed_at = entry.place;
  take_in(text, index, op, changed);
}

void Texts::extend(TextId id, TextOp& more, Place& changed) {
  Text& text = texts_[id];
  PlacedTextOp& entry = text.log.back();
  if (!entry.is_valid) return;  // an insert that is invalid is so as a whole
  for (const IdRange& range : more.removed) {
    if (!join_ranges(entry.removed.back(), range)) entry.removed.push_back(range);
  }
  take_in(text, text.log.size() - 1, more, changed);
}

/// The op's units and deletions, at the end of what its entry holds already.
void Texts::take_in(Text& text, std::size_t index, const TextOp& op, Place& changed) const {
  PlacedTextOp& entry = text.log[index];
  const MessageRecord& message = messages_[entry.place.message];
  if (op.has_insert) {
    entry.length += op.content.size();
    std::vector<UnitId> placed;
    const Place anchored = latest_anchor(text, op.anchor, index);
    text.sequence.insert(
        Insert{op.first, op.anchor, op.seq, op.ts.value_or(message.ts), op.content, entry.undone},
        &placed);
    entry.placed_at = placed.empty()                   ? Place{}
                      : anchored.message == kNoMessage ? entry.place
                                                       : anchored;
    text.has_delayed = text.has_delayed || placed.empty() || anchored.message != kNoMessage;
    if (!placed.empty()) settle_waiting(text, index, placed, changed);
  }
  if (!entry.undone) {
    for (const IdRange& range : op.removed) text.sequence.cover(range);
  }
  lower(entry.place, changed);
}

/// Where the anchor took its place, when that is later than the op at `index`; else kNoMessage.
Place Texts::latest_anchor(const Text& text, UnitId anchor, std::size_t index) const {
  for (std::size_t i = index + 1; i < text.log.size() && !anchor.is_none(); ++i) {
    const PlacedTextOp& other = text.log[i];
    const bool holds = other.is_valid && other.first.agent == anchor.agent &&
                       anchor.n >= other.first.n && anchor.n - other.first.n < other.length;
    if (holds) return other.placed_at;
  }
  return Place{};
}

/// Inserts that waited took their place by the op at `index`: they take effect where both are
/// there.
void Texts::settle_waiting(Text& text, std::size_t index, const std::vector<UnitId>& placed,
                           Place& changed) const {
  const Place by = text.log[index].placed_at;
  for (std::size_t i = 1; i < placed.size(); ++i) {
    for (PlacedTextOp& op : text.log) {
      if (!op.is_valid || op.length == 0 || !(op.first == placed[i])) continue;
      op.placed_at = messages_.before(op.place, by) ? by : op.place;
      lower(op.place, changed);
    }
  }
}

// ---- leaving, undone and back

void Texts::remove(TextId id, Place place) {
  Text& text = texts_[id];
  const std::size_t index = index_of(text, place);
  RTC_ASSERT(index < text.log.size() && text.log[index].place == place);
  if (!text.is_stale) stale_.push_back(id);
  if (!text.is_stale) {
    text.sequence = base_of(text);
    text.is_stale = true;
  }
  text.log.erase(text.log.begin() + static_cast<std::ptrdiff_t>(index));
}

std::vector<TextId> Texts::take_stale() {
  std::vector<TextId> ids;
  ids.swap(stale_);
  for (const TextId id : ids) {
    texts_[id].is_stale = false;
    rebuild(texts_[id]);
  }
  return ids;
}

void Texts::toggle(TextId id, Place place, Place& changed) {
  Text& text = texts_[id];
  if (text.is_stale) return;
  const std::size_t index = index_of(text, place);
  if (index == text.log.size() || !(text.log[index].place == place)) return;
  if (text.order_bound > 0) {
    rebuild(text);
  } else {
    set_undone(text, text.log[index], messages_[place.message].undone);
  }
  lower(place, changed);
}

void Texts::renew(TextId id, Place place, Place& changed) {
  Text& text = texts_[id];
  const std::size_t index = index_of(text, place);
  if (index == text.log.size() || !text.log[index].is_position) return;
  rebuild(text);
  lower(place, changed);
}

void Texts::set_undone(Text& text, PlacedTextOp& op, bool undone) const {
  if (op.undone == undone) return;
  op.undone = undone;
  if (!op.is_valid) return;
  if (op.length > 0) {
    text.sequence.set_undone(IdRange{op.first.agent, op.first.n, op.length}, undone);
  }
  for (const IdRange& range : op.removed) {
    undone ? text.sequence.uncover(range) : text.sequence.cover(range);
  }
}

}  // namespace vuer_rtc
