// Slot logs: enter, take out, run again.
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

void SlotLogs::add_late(SlotId id, Place place, WriteKind kind) {
  Slot& slot = graph_.slot(id);
  auto& log = logs_[slot.log];
  const std::size_t at = position(log, place);
  State before{log[at].before, log[at].before_set};
  LogEntry& entry = *log.emplace(log.begin() + static_cast<std::ptrdiff_t>(at));
  entry.place = place;
  entry.kind = kind;
  longest_ = std::max(longest_, log.size());
  shift_sets(slot, at, 1);
  run_to_set(id, at, at + 1, std::move(before));
}

void SlotLogs::remove(SlotId id, Place place) {
  Slot& slot = graph_.slot(id);
  auto& log = logs_[slot.log];
  const std::size_t at = position(log, place);
  RTC_ASSERT(at < log.size() && log[at].place == place);
  State before{std::move(log[at].before), log[at].before_set};
  log.erase(log.begin() + static_cast<std::ptrdiff_t>(at));
  shift_sets(slot, at, -1);
  run_to_set(id, at, at, std::move(before));
}

void SlotLogs::replay(SlotId id, Place place) {
  Slot& slot = graph_.slot(id);
  if (slot.log == kNone) return text_changed(id, place);
  const std::size_t at = place.message == kNoMessage ? 0 : position(logs_[slot.log], place);
  restore(slot, at);
  run_from(id, at);
}

void SlotLogs::replay_node(NodeId node, Place place) {
  for (SlotId id = graph_.node(node).first_slot; id != kNone; id = graph_.slot(id).next) {
    const Slot& slot = graph_.slot(id);
    const bool has_entries = slot.log != kNone && !logs_[slot.log].empty() &&
                             !messages_.before(logs_[slot.log].back().place, place);
    if (has_entries || slot.text != kNone) replay(id, place);
  }
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

void SlotLogs::restore(Slot& slot, std::size_t index) {
  const auto& log = logs_[slot.log];
  if (index >= log.size()) return;
  slot.value = log[index].before;
  slot.last_set = log[index].before_set;
}

/// Indexes of sets, after an entry came in at `index` or left from there.
void SlotLogs::shift_sets(Slot& slot, std::size_t index, std::int32_t by) {
  auto& log = logs_[slot.log];
  const auto first = static_cast<std::int32_t>(index) + (by < 0 ? 1 : 0);
  for (std::size_t i = index; i < log.size(); ++i) {
    if (log[i].before_set >= first) log[i].before_set += by;
  }
  if (slot.last_set >= first) slot.last_set += by;
}

/// An entry came in before `known_from` or left there: runs on until a set takes effect as it did,
/// for what stands behind that is known.
void SlotLogs::run_to_set(SlotId id, std::size_t index, std::size_t known_from, State before) {
  Slot& slot = graph_.slot(id);
  auto& log = logs_[slot.log];
  State last{std::move(slot.value), slot.last_set};
  slot.value = std::move(before.value);
  slot.last_set = before.last_set;
  Operation op;
  for (std::size_t i = index; i < log.size(); ++i) {
    if (i >= known_from && sets_as_before(slot, log[i])) {
      log[i].before = std::move(slot.value);
      log[i].before_set = slot.last_set;
      slot.value = std::move(last.value);
      slot.last_set = last.last_set;
      return mark(id);
    }
    slot.textual = textual_before(slot, i);
    decode_at(messages_, log[i].place, op);
    run(id, i, op);
  }
  slot.textual = textual_before(slot, log.size());
  mark(id);
}

bool SlotLogs::sets_as_before(const Slot& slot, const LogEntry& entry) const {
  return slot.text == kNone && entry.effective && entry.is_set &&
         accepts(slot, messages_[entry.place.message]);
}
void SlotLogs::run_from(SlotId id, std::size_t index) {
  Slot& slot = graph_.slot(id);
  auto& log = logs_[slot.log];
  Operation op;
  for (std::size_t i = index; i < log.size(); ++i) {
    slot.textual = textual_before(slot, i);
    decode_at(messages_, log[i].place, op);
    run(id, i, op);
  }
  slot.textual = textual_before(slot, log.size());
  mark(id);
}

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

// ---- the line

const Value& SlotLogs::base_value(const Slot& slot) const {
  return slot.log == kNone || logs_[slot.log].empty() ? slot.value : logs_[slot.log].front().before;
}

bool SlotLogs::textual_at_line(const Slot& slot, const std::vector<std::uint8_t>& is_folded) const {
  Place writer;
  if (slot.log != kNone) {
    for (const LogEntry& entry : logs_[slot.log]) {
      if (entry.effective && is_folded[entry.place.message]) writer = entry.place;
    }
  }
  const bool carried = writer.message == kNoMessage && slot.base_textual;
  return carried || texts_.shows_between(slot.text, writer, Place{}, &is_folded);
}

void SlotLogs::fold(SlotId id, const std::vector<std::uint8_t>& is_folded) {
  Slot& slot = graph_.slot(id);
  if (slot.text != kNone) slot.base_textual = textual_at_line(slot, is_folded);
  if (slot.log == kNone) return;
  auto& log = logs_[slot.log];
  std::size_t count = 0;
  std::int32_t last_set = -1;
  while (count < log.size() && is_folded[log[count].place.message]) {
    ++count;
    const std::int32_t after = count < log.size() ? log[count].before_set : slot.last_set;
    if (after == static_cast<std::int32_t>(count) - 1) last_set = after;
  }
  if (count == 0) return;
  if (last_set >= 0) {
    const auto message = log[static_cast<std::size_t>(last_set)].place.message;
    slot.lww_lt = messages_[message].lt;
    slot.lww_client = messages_[message].client;
  }
  const auto shift = static_cast<std::int32_t>(count);
  log.erase(log.begin(), log.begin() + shift);
  for (LogEntry& entry : log) entry.before_set = std::max(entry.before_set - shift, -1);
  slot.last_set = std::max(slot.last_set - shift, -1);
  if (log.empty()) {
    std::vector<LogEntry>().swap(log);
    free_logs_.push_back(slot.log);
    slot.log = kNone;
  }
}

void SlotLogs::check() const {
  for (SlotId id = 0; id < graph_.slot_count(); ++id) {
    const Slot& slot = graph_.slot(id);
    if (slot.log == kNone) {
      RTC_ASSERT(slot.last_set == -1);
      continue;
    }
    const auto& log = logs_[slot.log];
    RTC_ASSERT(slot.last_set < static_cast<std::int32_t>(log.size()));
    for (std::size_t i = 0; i < log.size(); ++i) {
      RTC_ASSERT(messages_[log[i].place.message].live);
      RTC_ASSERT(i == 0 || messages_.before(log[i - 1].place, log[i].place));
      RTC_ASSERT(log[i].before_set < static_cast<std::int32_t>(i));
    }
  }
}

}  // namespace vuer_rtc
