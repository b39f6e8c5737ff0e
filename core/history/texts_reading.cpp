// What a text shows at a place, and whose units it holds.
#include "history/texts.hpp"

namespace vuer_rtc {

bool Texts::took_effect(const PlacedTextOp& op) const {
  return op.is_valid && !op.undone && op.placed_at == op.place;
}

bool Texts::begun_before(const Text& text, std::size_t index) const {
  if (text.base_begun) return true;
  for (std::size_t i = index; i > 0; --i) {
    if (!text.log[i - 1].is_delete && took_effect(text.log[i - 1])) return true;
  }
  return false;
}

bool Texts::shows_between(TextId id, Place after, Place before,
                          const std::vector<std::uint8_t>* is_folded) const {
  const Text& text = texts_[id];
  const Node& node = graph_.node(graph_.slot(text.slot).node);
  std::size_t index = before.message == kNoMessage ? text.log.size() : index_of(text, before);
  for (; index > 0; --index) {
    const PlacedTextOp& op = text.log[index - 1];
    if (after.message != kNoMessage && !messages_.before(after, op.place)) return false;
    if (is_folded && !(*is_folded)[op.place.message]) continue;
    if (!took_effect(op) || !graph_.was_alive(node, op.place)) continue;
    if (!op.is_delete || begun_before(text, index - 1)) return true;
  }
  return false;
}

bool Texts::has_after(TextId id, Place place) const {
  const auto& log = texts_[id].log;
  return !log.empty() && messages_.before(place, log.back().place);
}

bool Texts::holds(TextId id, Place place) const {
  const Text& text = texts_[id];
  const std::size_t index = index_of(text, place);
  return index < text.log.size() && text.log[index].place == place;
}

bool Texts::is_valid(TextId id, Place place) const {
  const Text& text = texts_[id];
  // An op that was just entered stands at the end.
  if (!text.log.empty() && text.log.back().place == place) return text.log.back().is_valid;
  const std::size_t index = index_of(text, place);
  return index < text.log.size() && text.log[index].place == place && text.log[index].is_valid;
}

std::string Texts::text(TextId id) const {
  std::string out;
  texts_[id].sequence.append_text(out);
  return out;
}

std::string Texts::text_before(TextId id, Place place) const {
  const Text& text = texts_[id];
  const std::size_t count = index_of(text, place);
  if (count == text.log.size()) return this->text(id);
  Text part(messages_.clients());
  part.sequence = base_of(text);
  part.base_begun = text.base_begun;
  part.log.assign(text.log.begin(), text.log.begin() + static_cast<std::ptrdiff_t>(count));
  part.is_stale = true;
  rebuild(part);
  std::string out;
  part.sequence.append_text(out);
  return out;
}

std::vector<IdRange> Texts::units_of(TextId id, MessageIndex message) const {
  std::vector<IdRange> units;
  const auto& log = texts_[id].log;
  for (std::size_t i = log.size(); i > 0 && log[i - 1].place.message == message; --i) {
    if (!log[i - 1].is_valid || log[i - 1].length == 0) continue;
    units.push_back(IdRange{log[i - 1].first.agent, log[i - 1].first.n, log[i - 1].length});
  }
  return units;
}

MessageIndex Texts::author_of(TextId id, UnitId unit) const {
  for (const PlacedTextOp& op : texts_[id].log) {
    if (op.is_valid && op.first.agent == unit.agent && unit.n >= op.first.n &&
        unit.n - op.first.n < op.length) {
      return op.place.message;
    }
  }
  return kNoMessage;
}

std::uint64_t Texts::waiting_count() const {
  std::uint64_t count = 0;
  for (const Text& text : texts_) count += text.sequence.waiting_count();
  return count;
}

}  // namespace vuer_rtc
