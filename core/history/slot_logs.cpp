// Slot logs: ops enter in order and act.
#include "history/slot_logs.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/utf.hpp"
#include "history/texts.hpp"
#include "ops/apply.hpp"

namespace vuer_rtc {

Value member_of(const Value& object, std::string_view name) {
  Members members(object.canonical());
  while (members.next()) {
    if (members.key() == name) return value_of(members.bytes());
  }
  return Value();
}

void decode_at(const Messages& messages, Place place, Operation& out) {
  MsgReader reader(messages[place.message].ops().subspan(place.op));
  RTC_ASSERT(decode_operation(reader, out));
}

std::vector<LogEntry>& SlotLogs::log_of(Slot& slot) {
  if (slot.log == kNone) {
    if (free_logs_.empty()) {
      slot.log = logs_.add();
    } else {
      slot.log = free_logs_.back();
      free_logs_.pop_back();
    }
  }
  return logs_[slot.log];
}

std::size_t SlotLogs::position(const std::vector<LogEntry>& log, Place place) const {
  const auto at = std::partition_point(log.begin(), log.end(), [&](const LogEntry& entry) {
    return messages_.before(entry.place, place);
  });
  return static_cast<std::size_t>(at - log.begin());
}

void SlotLogs::add(SlotId id, Place place, WriteKind kind, const Operation& op) {
  Slot& slot = graph_.slot(id);
  auto& log = log_of(slot);
  const std::size_t at = log.size();
  if (at > 0 && !messages_.before(log.back().place, place)) return add_late(id, place, kind);
  LogEntry& entry = log.emplace_back();
  entry.place = place;
  entry.kind = kind;
  longest_ = std::max(longest_, log.size());
  if (slot.text == kNone || !texts_.has_after(slot.text, place)) return run(id, at, op);
  slot.textual = textual_before(slot, at);
  run_from(id, at);
}

void SlotLogs::text_changed(SlotId id, Place place) {
  Slot& slot = graph_.slot(id);
  if (slot.log != kNone && !logs_[slot.log].empty() &&
      messages_.before(place, logs_[slot.log].back().place)) {
    return replay(id, place);
  }
  slot.textual = textual_before(slot, slot.log == kNone ? 0 : logs_[slot.log].size());
  mark(id);
}

// ---- running

void SlotLogs::run(SlotId id, std::size_t index, const Operation& op) {
  Slot& slot = graph_.slot(id);
  LogEntry& entry = logs_[slot.log][index];
  entry.before_set = slot.last_set;
  entry.effective = entry.is_set = false;
  bool is_set = false;
  Value value;
  if (is_effective(slot, entry, op)) value = result(slot, entry, op, is_set);
  if (value.is_missing()) {
    entry.before = slot.value;
    return;
  }
  entry.before = std::move(slot.value);
  entry.effective = true;
  entry.is_set = is_set;
  if (is_set) slot.last_set = static_cast<std::int32_t>(index);
  slot.value = std::move(value);
  slot.textual = false;
  mark(id);
}

bool SlotLogs::is_effective(const Slot& slot, const LogEntry& entry, const Operation& op) const {
  if (messages_[entry.place.message].undone) return false;
  const Node& node = graph_.node(slot.node);
  if (entry.kind != WriteKind::Given) return graph_.was_alive(node, entry.place);
  if (node.created == entry.place) return true;
  return op.kind != OpKind::NodeInsert && node.exists &&
         !member_of(op.value, graph_.paths().view(slot.path)).is_missing();
}

Value SlotLogs::result(Slot& slot, const LogEntry& entry, const Operation& op, bool& is_set) {
  if (entry.kind == WriteKind::Given) return given(slot, entry, op, is_set);
  if (entry.kind == WriteKind::Member) {
    return member_of(op.value, graph_.paths().view(slot.path));
  }
  if (op.family == OpFamily::Set) {
    is_set = true;
    if (!accepts(slot, messages_[entry.place.message])) return Value();
    return op.value;
  }
  return apply_property_op(op, slot.textual ? current(slot, entry.place) : slot.value);
}

/// A property given with a node: the start value where the op created the node, else a merge or a
/// set.
Value SlotLogs::given(Slot& slot, const LogEntry& entry, const Operation& op, bool& is_set) {
  const std::string_view name = graph_.paths().view(slot.path);
  Value value = member_of(op.value, name);
  if (graph_.node(slot.node).created == entry.place) {
    return value.is_missing() ? Value::string("") : value;
  }
  if (op.kind == OpKind::NodeInset) {
    is_set = true;
    return accepts(slot, messages_[entry.place.message]) ? value : Value();
  }
  const Value before = current(slot, entry.place);
  return before.is_object() && value.is_object() ? merge_objects(before, value) : value;
}

Value SlotLogs::current(Slot& slot, Place place) {
  if (!slot.textual) return slot.value;
  return Value::string(texts_.text_before(slot.text, place));
}

bool SlotLogs::textual_before(const Slot& slot, std::size_t index) const {
  if (slot.text == kNone) return false;
  std::size_t writer = index;
  if (slot.log != kNone) {
    const auto& log = logs_[slot.log];
    while (writer > 0 && !log[writer - 1].effective) --writer;
    const Place upper = index < log.size() ? log[index].place : Place{};
    if (writer > 0) return texts_.shows_between(slot.text, log[writer - 1].place, upper);
    return slot.base_textual || texts_.shows_between(slot.text, Place{}, upper);
  }
  return slot.base_textual || texts_.shows_between(slot.text, Place{}, Place{});
}

bool SlotLogs::accepts(const Slot& slot, const MessageRecord& message) const {
  // Sets in the log stand in order; only a message applied on top may be older than its place.
  if (message.pending || (slot.last_set >= 0 && message.order_lt == message.lt)) return true;
  const Entry entry = lww(slot);
  if (entry.client == kNoName) return true;
  if (message.lt != entry.lt) return message.lt > entry.lt;
  return message.client == entry.client ||
         compare_code_units(messages_.clients().view(message.client),
                            messages_.clients().view(entry.client)) >= 0;
}

SlotLogs::Entry SlotLogs::lww(const Slot& slot) const {
  if (slot.last_set < 0) return base_lww(slot);
  const Place place = logs_[slot.log][static_cast<std::size_t>(slot.last_set)].place;
  return {messages_[place.message].lt, messages_[place.message].client};
}

void SlotLogs::mark(SlotId id) {
  Slot& slot = graph_.slot(id);
  graph_.changes().slot(id, slot);
  graph_.changes().node(slot.node, graph_.node(slot.node), 0);
}

}  // namespace vuer_rtc
