// From an op to what it acts on: its node, its slots, its text, its place in the tree.
#include "history/history.hpp"
#include "ops/apply.hpp"

namespace vuer_rtc {

void History::visit(Place place, const Operation& op, Step step) {
  switch (op.family) {
    case OpFamily::Meta:
      return visit_meta(place, op, step);
    case OpFamily::Node:
      return visit_node(place, op, step);
    case OpFamily::Set:
    case OpFamily::Value:
    case OpFamily::Text:
      return visit_property(place, op, step);
    case OpFamily::Unknown:
      return;
  }
}

// ---- properties

/// A text op of the root before there is one speaks of nobody; so do value ops, which then have no
/// effect anyway.
NodeId History::root_at(Place place) const {
  const NodeId root = graph_.root();
  if (root == kNone) return kNone;
  const Place created = graph_.node(root).created;
  return created.message == kNoMessage || messages_.before(created, place) ? root : kNone;
}

NodeId History::home_of(Place place, const Operation& op, Step step) {
  if (!op.key_is_root) return op.has_key && !op.key.empty() ? graph_.node_id(op.key) : kNone;
  if (step == Step::Enter) {
    dot_ops_.push_back(DotOp{place, root_at(place)});
    return dot_ops_.back().home;
  }
  for (std::size_t i = dot_ops_.size(); i > 0; --i) {
    if (!(dot_ops_[i - 1].place == place)) continue;
    const NodeId home = dot_ops_[i - 1].home;
    if (step == Step::Leave) dot_ops_.erase(dot_ops_.begin() + static_cast<std::ptrdiff_t>(i - 1));
    return home;
  }
  return kNone;
}

/// When another node became the root, or the root's creation moved: ops on "." that now mean
/// another node go there.
void History::rehome() {
  const NodeId root = graph_.root();
  const Place created = root == kNone ? Place{} : graph_.node(root).created;
  if (root == dot_root_ && created == dot_root_place_) return;
  dot_root_ = root;
  dot_root_place_ = created;
  Operation op;
  for (std::size_t i = 0; i < dot_ops_.size(); ++i) {
    const DotOp before = dot_ops_[i];
    const NodeId home = root_at(before.place);
    if (home == before.home) continue;
    decode_at(messages_, before.place, op);
    if (before.home != kNone) visit_at(before.home, before.place, op, Step::Leave);
    dot_ops_[i].home = home;
    if (home != kNone) visit_at(home, before.place, op, Step::Enter);
    touches_stale_ = true;
  }
}

void History::visit_property(Place place, const Operation& op, Step step) {
  if (!op.has_path || is_reserved(op.path)) return;
  if (op.family != OpFamily::Text && !is_valid_property_op(op)) return;
  const NodeId node = home_of(place, op, step);
  if (node != kNone) visit_at(node, place, op, step);
}

void History::visit_at(NodeId node, Place place, const Operation& op, Step step) {
  if (op.family == OpFamily::Text) return visit_text(node, place, op, step);
  if (step == Step::Enter || step == Step::Renew) touch(node, place);
  if (op.kind == OpKind::ObjectMerge && op.path == ".") return visit_members(node, place, op, step);
  visited_ = graph_.slot_id(node, graph_.paths().intern(op.path));
  visit_slot(visited_, place, WriteKind::Property, op, step);
}

void History::visit_members(NodeId node, Place place, const Operation& op, Step step) {
  Members members(op.value.canonical());
  while (members.next()) {
    if (is_reserved(members.key()) || members.key() == "tag") continue;
    const SlotId slot = graph_.slot_id(node, graph_.paths().intern(members.key()));
    visit_slot(slot, place, WriteKind::Member, op, step);
  }
}

void History::visit_slot(SlotId slot, Place place, WriteKind kind, const Operation& op, Step step) {
  switch (step) {
    case Step::Enter:
      return slots_.add(slot, place, kind, op);
    case Step::Leave:
      return slots_.remove(slot, place);
    case Step::Toggle:
      return slots_.replay(slot, place);
    case Step::Renew:
      return slots_.mark(slot);
  }
}

// ---- texts

void History::visit_text(NodeId node, Place place, const Operation& op, Step step) {
  const SlotId slot = visited_ = graph_.slot_id(node, graph_.paths().intern(op.path));
  const TextId text = texts_.text_of(slot);
  Place changed;
  if (step == Step::Enter) {
    if (texts_.add(text, place, op, changed, given_) && texts_.is_valid(text, place))
      touch(node, place);
  } else if (step == Step::Leave) {
    if (texts_.holds(text, place)) texts_.remove(text, place);
  } else if (step == Step::Toggle) {
    texts_.toggle(text, place, changed);
  } else {
    texts_.renew(text, place, changed);
    if (texts_.is_valid(text, place)) touch(node, place);
    slots_.mark(slot);
  }
  if (changed.message != kNoMessage) slots_.text_changed(slot, changed);
}

// ---- updatedAt and lamportTime: for people to look at

void History::touch(NodeId node, Place place) {
  const MessageRecord& message = messages_[place.message];
  if (message.pending) return;
  touching_base_ ? graph_.touch_base(node, message.ts, message.lt)
                 : graph_.touch(node, message.ts, message.lt);
}

/// Rare (an op became invalid late, "." means another node): every message names its nodes again.
void History::retouch() {
  if (!touches_stale_) return;
  touches_stale_ = false;
  graph_.forget_touches();
  for (MessageIndex index = 0; index < messages_.capacity(); ++index) {
    if (messages_[index].live) touch_all(index);
  }
}

void History::touch_all(MessageIndex index) {
  for_each_op(index, [this](Place place, const Operation& op) {
    if (op.family == OpFamily::Node) {
      TreeEntry entry;
      if (tree_.parse(op, entry)) touch(entry.node, place);
      return;
    }
    if (op.family == OpFamily::Meta || op.family == OpFamily::Unknown) return;
    if (!op.has_path || is_reserved(op.path)) return;
    if (op.family != OpFamily::Text && !is_valid_property_op(op)) return;
    const NodeId node = home_of(place, op, Step::Renew);
    if (node == kNone) return;
    const SlotId slot = graph_.find_slot(node, graph_.paths().intern(op.path));
    if (op.family == OpFamily::Text && !texts_.is_valid(graph_.slot(slot).text, place)) return;
    touch(node, place);
  });
}

}  // namespace vuer_rtc
