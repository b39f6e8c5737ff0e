// Raising the stable line: what lies at or below it is folded away (law, section 8).
#include <algorithm>

#include "history/history.hpp"

namespace vuer_rtc {

void History::raise_line(std::int64_t line) {
  if (line <= stable_) return;
  std::vector<std::uint8_t> is_folded(messages_.capacity(), false);
  bool any = false;
  for (MessageIndex index = 0; index < messages_.capacity(); ++index) {
    const MessageRecord& record = messages_[index];
    if (!record.live || record.pending || static_cast<std::int64_t>(record.order_lt) > line)
      continue;
    is_folded[index] = any = true;
  }
  stable_ = line;
  if (graph_.changes().feed) {
    events_.push_back({MessageEvent::Kind::Folded, false, static_cast<double>(line), {}});
  }
  if (any) drop_folded(is_folded);
}

void History::fold_all() {
  std::vector<std::uint8_t> is_folded(messages_.capacity(), false);
  for (MessageIndex index = 0; index < messages_.capacity(); ++index) {
    is_folded[index] = messages_[index].live && !messages_[index].pending;
  }
  drop_folded(is_folded);
}

/// The order matters: slots ask texts, texts ask the tree, all ask the messages.
void History::drop_folded(const std::vector<std::uint8_t>& is_folded) {
  fold_touches(is_folded);
  for (SlotId slot = 0; slot < graph_.slot_count(); ++slot) slots_.fold(slot, is_folded);
  texts_.fold(is_folded);
  verdicts_.fold(is_folded);
  tree_.fold(is_folded);
  const auto folded = [&](const DotOp& op) { return is_folded[op.place.message]; };
  dot_ops_.erase(std::remove_if(dot_ops_.begin(), dot_ops_.end(), folded), dot_ops_.end());
  if (dot_root_ != kNone) dot_root_place_ = graph_.node(dot_root_).created;
  for (MessageIndex index = 0; index < is_folded.size(); ++index) {
    if (!is_folded[index]) continue;
    fold_clock(index);
    messages_.remove(index);
    ++journal_index_;
  }
}

void History::fold_clock(MessageIndex index) {
  base_lt_ = std::max(base_lt_, messages_[index].lt);
  MsgReader reader(messages_.clock_of(index));
  std::uint32_t entries = 0;
  reader.read_map(entries);
  for (std::uint32_t i = 0; i < entries; ++i) {
    std::string_view client;
    double number = 0;
    reader.read_string(client);
    reader.read_number(number);
    raise_entry(base_clock_, messages_.clients().intern(client),
                static_cast<std::uint64_t>(number));
  }
}

void History::fold_touches(const std::vector<std::uint8_t>& is_folded) {
  touching_base_ = true;
  for (MessageIndex index = 0; index < is_folded.size(); ++index) {
    if (is_folded[index]) touch_all(index);
  }
  touching_base_ = false;
}

void History::write_clock(Bytes& out, bool base) const {
  const auto& clock = base ? base_clock_ : clock_;
  MsgWriter writer(out);
  writer.map(static_cast<std::uint32_t>(
      std::count_if(clock.begin(), clock.end(), [](std::uint64_t n) { return n != kNoNumber; })));
  for (NameId client = 0; client < clock.size(); ++client) {
    if (clock[client] == kNoNumber) continue;
    writer.string(messages_.clients().view(client));
    writer.number(static_cast<double>(clock[client]));
  }
}

}  // namespace vuer_rtc
