// A document as the fold of its messages (law, section 1): finds each op its place and lets only
// what depends on it run again. Composes the tree log, the slot logs, the texts and the verdicts;
// holds no rule of its own beyond "which op acts where".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "history/digest.hpp"
#include "history/slot_logs.hpp"
#include "history/texts.hpp"
#include "history/tree_log.hpp"
#include "history/verdicts.hpp"
#include "vuer_rtc/error.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

/// What happened to messages, for the feed.
struct MessageEvent {
  enum class Kind : std::uint8_t { Undone, Moved, Folded } kind;
  bool undone = false;
  double number = 0;  // ts of the deciding meta message, lt, or the line
  std::string id;
};

/// How a snapshot holds its texts (history/rope.hpp).
enum class RopeForm : std::uint8_t { Columns, Plain, Tree };

class History {
 public:
  explicit History(const Limits& limits);

  // ---- messages
  /// The index of a known id, kNoMessage otherwise.
  MessageIndex find(std::string_view id) const { return messages_.find(id); }
  /// True when the view is the same message as the known one (law, section 2).
  bool is_same(MessageIndex known, const MessageView& view) const;
  /// Room for a message of this size, before anything is changed.
  bool reserve(std::size_t bytes, std::size_t ops);
  /// Room for messages here to leave, come back or fold: what acts again because of them.
  bool reserve_replay();
  /// Enters a new message at its place. `order_lt`: where it stands when that is not its lt.
  MessageIndex add(const MessageView& view);
  MessageIndex add_on_top(const MessageView& view);
  /// Takes messages out (refused ones).
  void remove(MessageIndex index);
  /// Gives messages other places; all go out before the first comes in.
  struct Move {
    MessageIndex message;
    std::uint64_t lt;
  };
  void move(const std::vector<Move>& moves);

  /// What the server said of a message: where it accepted it, and under which line.
  void stamp(MessageIndex index, std::uint64_t server_seq, std::int64_t stable);
  void stamp_pending(std::int64_t stable) {
    if (has_pending()) stamp(pending_, 0, stable);
  }
  /// Calls visit(message) for each message above the line whose text or undo this one builds on.
  template <class Visit>
  void for_each_reference(MessageIndex index, Visit visit) {
    for_each_op(index, [&](Place place, const Operation& op) {
      const MessageIndex used = reference_of(place, op);
      if (used != kNoMessage) visit(used);
    });
  }

  // ---- the pending message: always last
  void open_pending(NameId client, std::uint64_t lt, double ts);
  /// The lt it would get now, for what is shown.
  void set_pending_lt(std::uint64_t lt);
  /// Own numbers after some were taken back: of a message, and the one the pending edits would get.
  void renumber(MessageIndex index, std::uint64_t number);
  void renumber_pending();
  /// Marks as changed what shows the pending message's lt, when that became another.
  void tell_pending();
  bool has_pending() const { return pending_ != kNoMessage; }
  std::size_t pending_bytes() const { return pending_ops_.size(); }
  /// Appends one op in normal form. `text`: it parsed, where it is a text op and the caller knows.
  void add_pending(const Operation& op, TextOp* text = nullptr);
  /// The last pending op, a text op of this slot, goes on with `more`: its bytes now.
  void extend_pending(SlotId slot, ByteSpan op, TextOp& more);
  /// Drops all pending ops and enters these instead.
  void replace_pending(ByteSpan ops, std::uint32_t count);
  void drop_pending();
  /// The pending message becomes `view`, whose ops are the pending ones.
  MessageIndex close_pending(const MessageView& view);

  // ---- the line
  void raise_line(std::int64_t line);
  /// Folds everything, wherever the line is: a bare graph keeps no history.
  void fold_all();
  std::int64_t stable() const { return stable_; }
  std::uint64_t journal_index() const { return journal_index_; }

  // ---- reading; false, and `out` worthless, when there is no memory for it; a digest is zeros
  // then
  Hash digest();
  bool write_graph(Bytes& out);
  bool write_texts(Bytes& out);
  bool write_journal(Bytes& out);
  bool write_messages(const std::vector<MessageIndex>& messages, Bytes& out);
  /// Room for writing this node.
  bool reserve_node(NodeId id, Bytes& out) const;
  /// False also when the node has no such property.
  bool write_property(NodeId node, NameId path, Bytes& out);
  void write_value(const Slot& slot, Bytes& out);
  void write_clock(Bytes& out, bool base) const;
  std::uint64_t lt() const { return lt_; }
  void see_lt(std::uint64_t lt) { lt_ = lt > lt_ ? lt : lt_; }
  /// Entry-wise maximum.
  void see_clock(NameId client, std::uint64_t number);
  void set_clock(NameId client, std::uint64_t number) { clock_[client] = number; }
  std::uint64_t clock_of(NameId client) const;
  /// The author's highest number that was folded; 0 when none.
  std::uint64_t folded_number(NameId client) const {
    return client < base_clock_.size() && base_clock_[client] != kNoNumber ? base_clock_[client]
                                                                           : 0;
  }
  const std::vector<std::uint64_t>& clock() const { return clock_; }
  /// Messages above the line in total order, without the pending one.
  std::vector<MessageIndex> in_order() const;

  // ---- snapshots (snapshot_writer.cpp, snapshot_reader.cpp)
  /// In columns or in the plain form.
  bool write_snapshot(RopeForm form, Bytes& out);
  bool write_published(Bytes& out);
  /// Fills an empty history.
  Status read_snapshot(ByteSpan bytes);
  Status read_graph(ByteSpan bytes);

  Messages& messages() { return messages_; }
  const Messages& messages() const { return messages_; }
  Graph& graph() { return graph_; }
  Texts& texts() { return texts_; }
  const SlotLogs& slots() const { return slots_; }
  const Verdicts& verdicts() const { return verdicts_; }
  const Limits& limits() const { return limits_; }
  std::vector<MessageEvent>& events() { return events_; }
  /// How often a message was brought back so far.
  std::uint64_t revived() const { return revived_; }
  void watch();
  void check() const;

 private:
  friend class SnapshotReader;
  /// Renew: the op stays as it is, its message's lt, ts and clock are others.
  enum class Step : std::uint8_t { Enter, Leave, Toggle, Renew };
  struct DotOp {
    Place place;
    NodeId home;
  };

  void enter(MessageIndex index);
  void leave(MessageIndex index);
  void toggle(MessageIndex index);
  void settle();
  void visit(Place place, const Operation& op, Step step);
  void visit_meta(Place place, const Operation& op, Step step);
  void visit_node(Place place, const Operation& op, Step step);
  void visit_given(NodeId node, Place place, const Operation& op, Step step);
  void visit_property(Place place, const Operation& op, Step step);
  void visit_at(NodeId node, Place place, const Operation& op, Step step);
  void visit_members(NodeId node, Place place, const Operation& op, Step step);
  void visit_slot(SlotId slot, Place place, WriteKind kind, const Operation& op, Step step);
  void visit_text(NodeId node, Place place, const Operation& op, Step step);
  void settle_tree();
  void rehome();
  NodeId root_at(Place place) const;
  NodeId home_of(Place place, const Operation& op, Step step);
  void update_verdict(std::string_view target);
  void touch(NodeId node, Place place);
  void retouch();
  void fold_touches(const std::vector<std::uint8_t>& is_folded);
  void fold_clock(MessageIndex index);
  static void raise_entry(std::vector<std::uint64_t>& clock, NameId client, std::uint64_t number);
  void drop_folded(const std::vector<std::uint8_t>& is_folded);
  MessageIndex reference_of(Place place, const Operation& op);
  void touch_all(MessageIndex index);
  /// Calls visit(place, op) for every op of a message, in order.
  template <class Visit>
  void for_each_op(MessageIndex index, Visit visit) const {
    const MessageRecord& record = messages_[index];
    MsgReader reader(record.ops());
    Operation op;
    for (std::uint32_t i = 0; i < record.op_count; ++i) {
      const auto offset = static_cast<std::uint32_t>(reader.position() - record.data);
      if (decode_operation(reader, op)) visit(Place{index, offset}, op);
    }
  }
  /// Messages to come: their bytes and ops.
  struct Ahead {
    std::size_t bytes = 0, ops = 0;
  };
  std::size_t growth(Ahead ahead) const;
  MessageIndex admit(MessageIndex index);
  void enter_pending(Place place, const Operation& op);
  void renew_pending(MessageIndex index);
  void forget_pending_writes() {
    pending_writes_.clear();
    pending_is_flat_ = true;
  }
  void mark_nodes_of(MessageIndex index);
  void write_numbers(MsgWriter& writer);
  bool write_base(RopeForm form, Bytes& out);
  bool reserve_rest(Bytes& out) const;
  bool write_ropes(RopeForm form, Bytes& out);
  void exclude_pending(bool excluded);

  Limits limits_;
  Messages messages_;
  Graph graph_{messages_};
  Texts texts_{messages_, graph_};
  SlotLogs slots_{messages_, graph_, texts_};
  TreeLog tree_{messages_, graph_};
  Verdicts verdicts_{messages_};
  DigestCache digest_;
  std::vector<DotOp> dot_ops_;
  std::vector<MessageEvent> events_;
  std::vector<std::uint64_t> clock_, base_clock_;  // by client; kNoNumber: no entry
  NodeId dot_root_ = kNone;  // the root the dot ops were homed by, and its creation
  Place dot_root_place_;
  Ahead ahead_;  // those that there is room for
  MessageIndex pending_ = kNoMessage;
  Bytes pending_ops_;
  /// A pending op that writes one property.
  struct PendingWrite {
    SlotId slot;
    std::uint32_t op;  // its place's offset
    bool is_text;
  };
  std::vector<PendingWrite> pending_writes_;
  bool pending_is_flat_ = true;    // that is all of them
  bool pending_is_stale_ = false;  // its lt changed since the feed was told
  SlotId visited_ = kNone;         // the slot that an op's visit met last
  TextOp* given_ = nullptr;        // the op that is being entered, parsed
  std::int64_t stable_ = kNoLine;
  std::uint64_t lt_ = 0, base_lt_ = 0, journal_index_ = 0, on_top_ = 0, revived_ = 0;
  bool tree_toggled_ = false;  // one replay of the tree serves a whole message
  bool touches_stale_ = false;
  bool touching_base_ = false;  // touch() speaks of folded messages
};

}  // namespace vuer_rtc
