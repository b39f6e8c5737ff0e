// The tree log: one op forward, one op back, and the replay made of the two.
#include "history/tree_log.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/sort.hpp"
#include "history/slot_logs.hpp"

namespace vuer_rtc {

namespace {

bool is_insert_like(OpKind kind) {
  return kind == OpKind::NodeInsert || kind == OpKind::NodeUpsert || kind == OpKind::NodeInset;
}

bool read_member(const Value& object, std::string_view name, std::string_view& out) {
  Members members(object.canonical());
  while (members.next()) {
    if (members.key() != name) continue;
    MsgReader reader(members.bytes());
    return reader.peek() == MsgType::String && reader.read_string(out);
  }
  return false;
}

/// The node that a tree op names, and where a move puts it; false when the op is malformed.
bool read_keys(const Operation& op, std::string_view& key, std::string_view& parent) {
  if (op.kind == OpKind::NodeRemove) {
    if (op.value.is_string()) key = op.value.string();
    return op.value.is_string();
  }
  if (!op.value.is_object()) return false;
  if (op.kind == OpKind::NodeMove)
    return read_member(op.value, "nodeKey", key) && read_member(op.value, "newParent", parent);
  return (op.key_is_root || op.has_key) && read_member(op.value, "key", key) && !key.empty();
}

}  // namespace

bool TreeLog::is_valid(const Operation& op) {
  std::string_view key, parent;
  return op.value_valid && read_keys(op, key, parent);
}

bool TreeLog::parse(const Operation& op, TreeEntry& out) {
  std::string_view key, parent;
  if (!op.value_valid || !read_keys(op, key, parent)) return false;
  out.kind = op.kind;
  out.node = graph_.node_id(key);
  if (op.kind == OpKind::NodeMove) out.parent = graph_.node_id(parent);
  if (!is_insert_like(op.kind)) return true;
  out.parent_is_root = op.key_is_root;
  if (!op.key_is_root && !op.key.empty()) out.parent = graph_.node_id(op.key);
  out.lists_children = member_of(op.value, "children").is_array();
  return true;
}

std::size_t TreeLog::position(Place place) const {
  if (log_.empty() || messages_.before(log_.back().place, place)) return log_.size();
  const auto at = std::partition_point(log_.begin(), log_.end(), [&](const TreeEntry& entry) {
    return messages_.before(entry.place, place);
  });
  return static_cast<std::size_t>(at - log_.begin());
}

void TreeLog::add(TreeEntry entry) {
  if (log_.empty() || messages_.before(log_.back().place, entry.place)) {
    log_.push_back(std::move(entry));
    return run_from(log_.size() - 1);
  }
  const std::size_t at = position(entry.place);
  back_to(at);
  log_.insert(log_.begin() + static_cast<std::ptrdiff_t>(at), std::move(entry));
  run_from(at);
}

void TreeLog::remove(Place place) {
  const std::size_t at = position(place);
  RTC_ASSERT(at < log_.size() && log_[at].place == place);
  back_to(at);
  note(log_[at], log_[at].outcome);
  log_.erase(log_.begin() + static_cast<std::ptrdiff_t>(at));
  run_from(at);
}

std::size_t TreeLog::suspend(Place place) {
  const std::size_t at = position(place);
  back_to(at);
  return at;
}

void TreeLog::replay(Place place) { resume(suspend(place)); }

void TreeLog::back_to(std::size_t index) {
  for (std::size_t i = log_.size(); i > index; --i) take_back(log_[i - 1]);
}

/// Runs forward from here; a node is noted where an op had another outcome than the time before.
void TreeLog::run_from(std::size_t index) {
  for (std::size_t i = index; i < log_.size(); ++i) {
    const Outcome before = log_[i].outcome;
    run(log_[i]);
    if (log_[i].outcome != before) {
      note(log_[i], before);
      note(log_[i], log_[i].outcome);
    }
  }
}

void TreeLog::note(const TreeEntry& entry, Outcome outcome) {
  if (outcome == Outcome::Nothing || outcome == Outcome::Moved) return;
  changes_.push_back(Change{entry.node, entry.place});
}

std::vector<TreeLog::Change> TreeLog::take_changes() {
  std::vector<Change> first;
  sort_range(changes_.begin(), changes_.end(), [this](const Change& a, const Change& b) {
    return a.node != b.node ? a.node < b.node : messages_.before(a.place, b.place);
  });
  for (const Change& change : changes_) {
    if (first.empty() || first.back().node != change.node) first.push_back(change);
  }
  changes_.clear();
  return first;
}

// ---- one op forward

void TreeLog::run(TreeEntry& entry) {
  entry.outcome = Outcome::Nothing;
  entry.made_root = false;
  entry.taken.clear();
  const Node& node = graph_.node(entry.node);
  entry.old_parent = node.parent;
  entry.was_deleted = node.deleted;
  entry.old_deleted_at = node.deleted_at;
  const MessageRecord& message = messages_[entry.place.message];
  if (message.undone) return;
  if (is_insert_like(entry.kind)) {
    if (!node.exists) return create(entry);
    if (entry.kind == OpKind::NodeInsert || !node.deleted) return;
    entry.outcome = Outcome::Revived;
    graph_.set_deleted(entry.node, false, 0);
    graph_.set_parent(entry.node, entry.parent_is_root ? graph_.root() : entry.parent);
    begin_life(entry, true);
  } else if (entry.kind == OpKind::NodeRemove) {
    if (!node.exists) return;
    entry.outcome = Outcome::Removed;
    graph_.set_deleted(entry.node, true, message.ts);
    if (!entry.was_deleted) begin_life(entry, false);
  } else if (node.is_alive() && graph_.node(entry.parent).exists &&
             !graph_.is_below(entry.parent, entry.node)) {
    entry.outcome = Outcome::Moved;
    graph_.restore_parent(entry.node, entry.parent);
  }
}

void TreeLog::create(TreeEntry& entry) {
  entry.outcome = Outcome::Created;
  const NodeId parent = entry.parent_is_root ? graph_.root() : entry.parent;
  graph_.restore_parent(entry.node, kNone);
  graph_.set_created(entry.node, entry.place);
  if (graph_.root() == kNone) {
    entry.made_root = true;
    graph_.set_root(entry.node);
  }
  graph_.set_parent(entry.node, parent);
  if (entry.lists_children) take_listed(entry);
  begin_life(entry, true);
}

void TreeLog::take_listed(TreeEntry& entry) {
  Operation op;
  decode_at(messages_, entry.place, op);
  const Value listed = member_of(op.value, "children");
  if (listed.kind() != Value::Kind::Array) return;
  Members members(listed.canonical());
  while (members.next()) {
    const Value key = value_of(members.bytes());
    if (!key.is_string() || key.string().empty()) continue;
    const NodeId child = graph_.node_id(key.string());
    if (graph_.node(child).parent != kNone || graph_.is_below(entry.node, child)) continue;
    graph_.restore_parent(child, entry.node);
    entry.taken.push_back(child);
  }
}

void TreeLog::begin_life(const TreeEntry& entry, bool alive) {
  graph_.node(entry.node).life.push_back(LifeEvent{entry.place, alive});
}

// ---- one op back

void TreeLog::end_life(const TreeEntry& entry) {
  auto& life = graph_.node(entry.node).life;
  RTC_ASSERT(!life.empty() && life.back().place == entry.place);
  life.pop_back();
}

void TreeLog::take_back(TreeEntry& entry) {
  switch (entry.outcome) {
    case Outcome::Nothing:
      return;
    case Outcome::Created:
      for (std::size_t i = entry.taken.size(); i > 0; --i) {
        graph_.restore_parent(entry.taken[i - 1], kNone);
      }
      if (entry.made_root) graph_.set_root(kNone);
      graph_.clear_created(entry.node);
      break;
    case Outcome::Revived:
      graph_.set_deleted(entry.node, true, entry.old_deleted_at);
      break;
    case Outcome::Removed:
      graph_.set_deleted(entry.node, entry.was_deleted, entry.old_deleted_at);
      break;
    case Outcome::Moved:
      return graph_.restore_parent(entry.node, entry.old_parent);
  }
  graph_.restore_parent(entry.node, entry.old_parent);
  if (entry.outcome != Outcome::Removed || !entry.was_deleted) end_life(entry);
}

// ---- the line

void TreeLog::rewind() {
  for (std::size_t i = log_.size(); i > 0; --i) take_back(log_[i - 1]);
}

void TreeLog::forward() {
  for (TreeEntry& entry : log_) run(entry);
}

void TreeLog::fold(const std::vector<std::uint8_t>& is_folded) {
  std::size_t count = 0;
  while (count < log_.size() && is_folded[log_[count].place.message]) {
    const TreeEntry& entry = log_[count++];
    Node& node = graph_.node(entry.node);
    std::size_t steps = 0;
    if (node.created.message != kNoMessage && is_folded[node.created.message]) {
      graph_.fold_created(entry.node);
    }
    while (steps < node.life.size() && is_folded[node.life[steps].place.message]) {
      node.base_alive = node.life[steps++].alive;
    }
    node.life.erase(node.life.begin(), node.life.begin() + static_cast<std::ptrdiff_t>(steps));
  }
  log_.erase(log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(count));
}

void TreeLog::check() const {
  for (std::size_t i = 0; i < log_.size(); ++i) {
    RTC_ASSERT(messages_[log_[i].place.message].live);
    RTC_ASSERT(i == 0 || messages_.before(log_[i - 1].place, log_[i].place));
  }
}

}  // namespace vuer_rtc
