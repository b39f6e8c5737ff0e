// The pending message: edits that are not committed yet, always last in the order.
#include <utility>

#include "history/history.hpp"

namespace vuer_rtc {

void History::open_pending(NameId client, std::uint64_t lt, double ts) {
  pending_ = messages_.open_pending(client);
  messages_[pending_].lt = lt;
  messages_[pending_].ts = ts;
  messages_[pending_].own_number = clock_of(client) + 1;
  pending_ops_.clear();
  forget_pending_writes();
}

void History::renumber(MessageIndex index, std::uint64_t number) {
  messages_.renumber(index, number);
  mark_nodes_of(index);
}

void History::renumber_pending() {
  if (!has_pending()) return;
  messages_[pending_].own_number = clock_of(messages_[pending_].client) + 1;
  mark_nodes_of(pending_);
}

/// Nodes that the message created show its clock.
void History::mark_nodes_of(MessageIndex index) {
  for_each_op(index, [this](Place place, const Operation& op) {
    TreeEntry entry;
    if (op.family != OpFamily::Node || !tree_.parse(op, entry)) return;
    Node& node = graph_.node(entry.node);
    if (node.created == place) graph_.changes().node(entry.node, node, kChangedNode);
  });
}

void History::set_pending_lt(std::uint64_t lt) {
  if (!has_pending() || messages_[pending_].lt == lt) return;
  messages_[pending_].lt = lt;
  pending_is_stale_ = true;
}

/// What is shown of the pending message's lt is told anew, when somebody asks.
void History::tell_pending() {
  if (std::exchange(pending_is_stale_, false) && has_pending()) renew_pending(pending_);
}

/// What reads the message's lt, ts and clock is told anew.
void History::renew_pending(MessageIndex index) {
  if (!pending_is_flat_) {
    return for_each_op(index,
                       [this](Place place, const Operation& op) { visit(place, op, Step::Renew); });
  }
  for (const PendingWrite& write : pending_writes_) {
    const Slot& slot = graph_.slot(write.slot);
    const Place place{index, write.op};
    if (!write.is_text || texts_.is_valid(slot.text, place)) touch(slot.node, place);
    slots_.mark(write.slot);
  }
}

void History::add_pending(const Operation& op, TextOp* text) {
  const std::uint32_t offset = messages_[pending_].ops_size;
  pending_ops_.insert(pending_ops_.end(), op.raw.begin(), op.raw.end());
  messages_.set_pending(pending_, pending_ops_, messages_[pending_].op_count + 1);
  given_ = text;
  enter_pending(Place{pending_, offset}, op);
  given_ = nullptr;
  settle();
}

/// Notes what it writes, so that a commit need not decode it again. Not so where that may change:
/// an op on "." may mean another node by then, and a text op not given parsed may hold a position.
void History::enter_pending(Place place, const Operation& op) {
  visited_ = kNone;
  visit(place, op, Step::Enter);
  const bool is_value = op.family == OpFamily::Set || op.family == OpFamily::Value;
  pending_is_flat_ =
      pending_is_flat_ && (is_value || given_ != nullptr) && !op.key_is_root && op.path != ".";
  if (visited_ != kNone) pending_writes_.push_back({visited_, place.op, !is_value});
}

void History::extend_pending(SlotId slot, ByteSpan op, TextOp& more) {
  Place changed;
  pending_ops_.resize(pending_writes_.back().op);
  pending_ops_.insert(pending_ops_.end(), op.begin(), op.end());
  messages_.set_pending(pending_, pending_ops_, messages_[pending_].op_count);
  texts_.extend(graph_.slot(slot).text, more, changed);
  if (changed.message != kNoMessage) slots_.text_changed(slot, changed);
  settle();
}

void History::replace_pending(ByteSpan ops, std::uint32_t count) {
  leave(pending_);
  pending_ops_.assign(ops.begin(), ops.end());
  messages_.set_pending(pending_, pending_ops_, count);
  forget_pending_writes();
  for_each_op(pending_, [this](Place place, const Operation& op) { enter_pending(place, op); });
  settle();
}

void History::drop_pending() {
  leave(pending_);
  messages_.set_pending(pending_, ByteSpan(), 0);
  settle();
  messages_.remove(pending_);
  pending_ = kNoMessage;
}

/// The places stay; what reads the message's lt, ts and clock is told anew.
MessageIndex History::close_pending(const MessageView& view) {
  const MessageIndex index = pending_;
  pending_ = kNoMessage;
  const std::size_t tree_from = tree_.suspend(Place{index, 0});
  messages_.close_pending(index, view);
  tree_.resume(tree_from);
  see_lt(view.lt);
  for (const auto& [client, number] : view.clock)
    see_clock(messages_.clients().intern(client), number);
  renew_pending(index);
  settle();
  return index;
}

}  // namespace vuer_rtc
