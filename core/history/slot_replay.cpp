// Slot logs: what acts again when an op comes late or leaves, and what a fold drops.
#include <algorithm>

#include "base/assert.hpp"
#include "history/slot_logs.hpp"
#include "history/texts.hpp"

namespace vuer_rtc {

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

// ---- running again

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
    run_again(id, i, op);
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
  for (std::size_t i = index; i < log.size(); ++i) run_again(id, i, op);
  slot.textual = textual_before(slot, log.size());
  mark(id);
}

void SlotLogs::run_again(SlotId id, std::size_t index, Operation& op) {
  Slot& slot = graph_.slot(id);
  const Place place = logs_[slot.log][index].place;
  slot.textual = textual_before(slot, index);
  decode_at(messages_, place, op);
  run(id, index, op);
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
