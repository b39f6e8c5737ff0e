// The tree: parents, and children lists that hold the alive nodes in order.
#include <algorithm>

#include "base/assert.hpp"
#include "base/utf.hpp"
#include "graph/graph.hpp"

namespace vuer_rtc {

bool Graph::sorts_before(NodeId a, NodeId b) const {
  const double left = created_at(nodes_[a]), right = created_at(nodes_[b]);
  if (left != right) return left < right;
  return compare_code_units(key(a), key(b)) < 0;
}

bool Graph::is_below(NodeId key, NodeId top) const {
  while (key != kNone && key != top) key = nodes_[key].parent;
  return key == top;
}

void Graph::list(NodeId id) {
  const Node& node = nodes_[id];
  if (node.parent == kNone || !node.is_alive()) return;
  Node& parent = nodes_[node.parent];
  auto at = parent.children.end();
  if (!parent.children.empty() && !sorts_before(parent.children.back(), id)) {
    at = std::lower_bound(parent.children.begin(), parent.children.end(), id,
                          [this](NodeId a, NodeId b) { return sorts_before(a, b); });
  }
  parent.children.insert(at, id);
  changes_.node(node.parent, parent, kChangedChildren);
}

void Graph::unlist(NodeId id) {
  const Node& node = nodes_[id];
  if (node.parent == kNone || !node.is_alive()) return;
  Node& parent = nodes_[node.parent];
  auto at = std::lower_bound(parent.children.begin(), parent.children.end(), id,
                             [this](NodeId a, NodeId b) { return sorts_before(a, b); });
  RTC_ASSERT(at != parent.children.end() && *at == id);
  parent.children.erase(at);
  changes_.node(node.parent, parent, kChangedChildren);
}

void Graph::restore_parent(NodeId id, NodeId parent) {
  if (nodes_[id].parent == parent) return;
  unlist(id);
  nodes_[id].parent = parent;
  list(id);
  changes_.node(id, nodes_[id], 0);
}

void Graph::load_parent(NodeId id, NodeId parent) {
  nodes_[id].parent = parent;
  changes_.node(id, nodes_[id], 0);
}

void Graph::set_parent(NodeId id, NodeId parent) {
  restore_parent(id, parent != kNone && !is_below(parent, id) ? parent : kNone);
}

void Graph::set_created(NodeId id, Place place) {
  Node& node = nodes_[id];
  RTC_ASSERT(!node.exists);
  node.exists = true;
  node.created = place;
  ++existing_;
  list(id);
  changes_.node(id, node, kChangedNode);
}

void Graph::clear_created(NodeId id) {
  unlist(id);
  Node& node = nodes_[id];
  node.exists = false;
  node.created = Place{};
  --existing_;
  changes_.node(id, node, kChangedNode);
}

void Graph::set_deleted(NodeId id, bool deleted, double deleted_at) {
  unlist(id);
  Node& node = nodes_[id];
  node.deleted = deleted;
  node.deleted_at = deleted_at;
  list(id);
  changes_.node(id, node, kChangedNode);
}

void Graph::set_root(NodeId id) {
  root_ = id;
  changes_.root = true;
}

}  // namespace vuer_rtc
