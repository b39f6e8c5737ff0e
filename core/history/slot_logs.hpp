// The log of each property above the line, in total order; every entry keeps the value before it.
//
// In order: one append. Late: the slot goes back to the state before the place and runs forward
// again, which costs the entries at or after the place and nothing else (law, section 12); behind
// the next set that takes effect all is as it was.
#pragma once

#include <vector>

#include "graph/graph.hpp"
#include "model/operation.hpp"

namespace vuer_rtc {

class Texts;

/// Why a slot is written: by an op of its own, as a property given with a node, as a member of
/// object.merge ".".
enum class WriteKind : std::uint8_t { Property, Given, Member };

struct LogEntry {
  [[no_unique_address]] Value before;
  WriteKind kind = WriteKind::Property;
  bool effective : 1 = false;
  bool is_set : 1 = false;       // what it writes does not depend on what stood there
  std::int32_t before_set = -1;  // Slot::last_set before it
  Place place;
};

class SlotLogs {
 public:
  SlotLogs(Messages& messages, Graph& graph, Texts& texts)
      : messages_(messages), graph_(graph), texts_(texts) {}

  /// Enters one op at its place. `op` is the op there, decoded.
  void add(SlotId id, Place place, WriteKind kind, const Operation& op);
  void remove(SlotId id, Place place);
  /// Runs the entries at or after the place again: something they depend on changed.
  void replay(SlotId id, Place place);
  /// The same for all slots of a node whose life changed from this place on.
  void replay_node(NodeId node, Place place);
  /// A text op took or lost effect at this place: what the slot shows may differ from there on.
  void text_changed(SlotId id, Place place);

  /// Notes the slot as changed for digest and feed.
  void mark(SlotId id);

  /// (lt, client) of the last set; client kNoName when there is none.
  struct Entry {
    std::uint64_t lt = 0;
    NameId client = kNoName;
  };
  Entry lww(const Slot& slot) const;
  Entry base_lww(const Slot& slot) const { return {slot.lww_lt, slot.lww_client}; }
  /// The value before the first entry: what the snapshot holds.
  const Value& base_value(const Slot& slot) const;
  /// Drops the entries whose message `is_folded`; they are a prefix.
  void fold(SlotId id, const std::vector<std::uint8_t>& is_folded);

  const Names& clients() const { return messages_.clients(); }
  std::size_t growth() const { return logs_.growth(8) + longest_ * 2 * sizeof(LogEntry); }
  void check() const;

 private:
  std::vector<LogEntry>& log_of(Slot& slot);
  std::size_t position(const std::vector<LogEntry>& log, Place place) const;
  void run(SlotId id, std::size_t index, const Operation& op);
  /// Decodes the op of an entry into `op` and lets it act on what stands before it.
  void run_again(SlotId id, std::size_t index, Operation& op);
  void run_from(SlotId id, std::size_t index);
  /// What stood before an entry that came or went.
  struct State {
    Value value;
    std::int32_t last_set;
  };
  void add_late(SlotId id, Place place, WriteKind kind);
  void run_to_set(SlotId id, std::size_t index, std::size_t known_from, State before);
  bool sets_as_before(const Slot& slot, const LogEntry& entry) const;
  void shift_sets(Slot& slot, std::size_t index, std::int32_t by);
  void restore(Slot& slot, std::size_t index);
  bool is_effective(const Slot& slot, const LogEntry& entry, const Operation& op) const;
  Value result(Slot& slot, const LogEntry& entry, const Operation& op, bool& is_set);
  Value given(Slot& slot, const LogEntry& entry, const Operation& op, bool& is_set);
  Value current(Slot& slot, Place place);
  bool textual_before(const Slot& slot, std::size_t index) const;
  bool textual_at_line(const Slot& slot, const std::vector<std::uint8_t>& is_folded) const;
  bool accepts(const Slot& slot, const MessageRecord& message) const;
  Messages& messages_;
  Graph& graph_;
  Texts& texts_;
  ChunkedVector<std::vector<LogEntry>, 8> logs_;
  std::vector<std::uint32_t> free_logs_;
  std::size_t longest_ = 0;
};

/// The member of a node op's value or an object.merge that belongs to a path; Missing when it has
/// none.
Value member_of(const Value& object, std::string_view name);
/// Decodes the op at a place again, for a replay.
void decode_at(const Messages& messages, Place place, Operation& out);

}  // namespace vuer_rtc
