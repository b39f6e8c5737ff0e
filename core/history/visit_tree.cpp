// Meta ops and tree ops: what they take back, bring again, or move to another place.
#include "history/history.hpp"

namespace vuer_rtc {

// ---- meta

void History::visit_meta(Place place, const Operation& op, Step step) {
  std::string_view target;
  MsgReader reader(operation_field(op, "targetMsgId"));
  if (!reader.read_string(target)) return;
  const bool is_left_out = messages_[place.message].undone;  // only pending edits, for a digest
  const bool is_undo = op.kind == OpKind::MetaUndo;
  if (step == Step::Enter || (step == Step::Toggle && !is_left_out))
    verdicts_.add(target, place, is_undo);
  if (step == Step::Leave || (step == Step::Toggle && is_left_out)) verdicts_.remove(target, place);
  update_verdict(target);
}

void History::update_verdict(std::string_view target) {
  const MessageIndex index = messages_.find(target);
  if (index == kNoMessage) return;
  MessageRecord& record = messages_[index];
  const bool undone = !record.has_meta && verdicts_.is_undone(target);
  if (undone == record.undone) return;
  record.undone = undone;
  revived_ += !undone;
  toggle(index);
  if (!graph_.changes().feed) return;
  events_.push_back(
      {MessageEvent::Kind::Undone, undone, verdicts_.decided_at(target), std::string(target)});
}

// ---- tree

void History::visit_node(Place place, const Operation& op, Step step) {
  TreeEntry entry;
  entry.place = place;
  if (!tree_.parse(op, entry)) return;
  const NodeId node = entry.node;
  const bool gives = op.kind == OpKind::NodeInsert || op.kind == OpKind::NodeUpsert ||
                     op.kind == OpKind::NodeInset;
  if (gives && step == Step::Leave) visit_given(node, place, op, step);
  if (step == Step::Enter) tree_.add(std::move(entry));
  if (step == Step::Leave) tree_.remove(place);
  if (step == Step::Toggle && !tree_toggled_) tree_.replay(place);
  if (step == Step::Toggle) tree_toggled_ = true;
  if (step == Step::Enter || step == Step::Renew) touch(node, place);
  if (gives && step != Step::Leave) visit_given(node, place, op, step);
  settle_tree();
}

void History::visit_given(NodeId node, Place place, const Operation& op, Step step) {
  const auto visit_name = [&](std::string_view name) {
    visit_slot(graph_.slot_id(node, graph_.paths().intern(name)), place, WriteKind::Given, op,
               step);
  };
  bool has_tag = false, has_name = false;
  Members members(op.value.canonical());
  while (members.next()) {
    const std::string_view name = members.key();
    if (is_reserved(name)) continue;
    has_tag = has_tag || name == "tag";
    has_name = has_name || name == "name";
    visit_name(name);
  }
  if (!has_tag) visit_name("tag");
  if (!has_name) visit_name("name");
}

void History::settle_tree() {
  for (const TreeLog::Change& change : tree_.take_changes()) {
    slots_.replay_node(change.node, change.place);
  }
  rehome();
}

}  // namespace vuer_rtc
