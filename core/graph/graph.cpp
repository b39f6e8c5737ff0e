// Nodes and slots: made at the first mention, never moved.
#include "graph/graph.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/memory.hpp"

namespace vuer_rtc {

namespace {
constexpr unsigned kWalked = 8;

std::uint32_t hash_slot(NodeId node, NameId path) {
  return mix_hash(std::uint64_t{node} << 32 | path);
}
}  // namespace

NodeId Graph::node_id(std::string_view key) {
  const NodeId id = keys_.intern(key);
  if (id == nodes_.size()) nodes_.add();
  return id;
}

/// The newest slots of a node are found by walking, the table holds the others.
SlotId Graph::find_slot(NodeId node, NameId path) const {
  SlotId id = nodes_[node].first_slot;
  for (unsigned step = 0; id != kNone; id = slots_[id].next) {
    if (slots_[id].path == path) return id;
    if (++step == kWalked) return find_in_table(node, path);
  }
  return kNone;
}

SlotId Graph::find_in_table(NodeId node, NameId path) const {
  return slot_table_.find(hash_slot(node, path), [&](SlotId id) {
    return slots_[id].node == node && slots_[id].path == path;
  });
}

SlotId Graph::slot_id(NodeId node, NameId path) {
  SlotId last = kNone;
  unsigned step = 0;
  for (SlotId id = nodes_[node].first_slot; id != kNone && step < kWalked; ++step) {
    if (slots_[id].path == path) return id;
    last = id;
    id = slots_[id].next;
  }
  if (step == kWalked) {
    const SlotId known = find_in_table(node, path);
    if (known != kNone) return known;
    slot_table_.insert(hash_slot(node, slots_[last].path), last);
  }
  return add_slot(node, path);
}

SlotId Graph::add_slot(NodeId node, NameId path) {
  const SlotId id = slots_.add();
  Slot& slot = slots_[id];
  slot.node = node;
  slot.path = path;
  slot.next = nodes_[node].first_slot;
  nodes_[node].first_slot = id;
  return id;
}

bool Graph::was_alive(const Node& node, Place place) const {
  if (node.life.empty() || messages_.before(node.life.back().place, place)) return node.is_alive();
  const auto after = std::partition_point(
      node.life.begin(), node.life.end(),
      [&](const LifeEvent& event) { return messages_.before(event.place, place); });
  return after == node.life.begin() ? node.base_alive : std::prev(after)->alive;
}

void Graph::touch(NodeId id, double ts, std::uint64_t lt) {
  Node& node = nodes_[id];
  if (node.touched && ts <= node.updated_at && lt <= node.lamport_time) return;
  node.updated_at = node.touched ? std::max(node.updated_at, ts) : ts;
  node.lamport_time = node.touched ? std::max(node.lamport_time, lt) : lt;
  node.touched = true;
  if (changes_.feed) changes_.node(id, node, kChangedTouch);
}

void Graph::touch_base(NodeId id, double ts, std::uint64_t lt) {
  Node& node = nodes_[id];
  node.base_updated_at = node.base_touched ? std::max(node.base_updated_at, ts) : ts;
  node.base_lamport_time = node.base_touched ? std::max(node.base_lamport_time, lt) : lt;
  node.base_touched = true;
}

void Graph::forget_touches() {
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    Node& node = nodes_[id];
    if (changes_.feed && node.exists && node.touched) changes_.node(id, node, kChangedTouch);
    node.touched = node.base_touched;
    node.updated_at = node.base_updated_at;
    node.lamport_time = node.base_lamport_time;
  }
}

std::uint32_t Graph::keep_clock(ByteSpan clock) {
  if (clocks_.empty() ||
      !std::equal(clock.begin(), clock.end(), clocks_.back().begin(), clocks_.back().end())) {
    clocks_.emplace_back(clock.begin(), clock.end());
  }
  return static_cast<std::uint32_t>(clocks_.size() - 1);
}

ByteSpan Graph::clock_of(const Node& node) const {
  return node.clock == kNone ? messages_.clock_of(node.created.message)
                             : ByteSpan(clocks_[node.clock]);
}

void Graph::fold_created(NodeId id) {
  Node& node = nodes_[id];
  node.created_at = messages_[node.created.message].ts;
  node.clock = keep_clock(messages_.clock_of(node.created.message));
  node.created = Place{};
}

void Graph::load_node(NodeId id, double created_at, ByteSpan clock) {
  Node& node = nodes_[id];
  node.created_at = created_at;
  node.clock = keep_clock(clock);
  node.base_alive = true;
  set_created(id, Place{});
}

std::size_t Graph::growth(std::size_t nodes, std::size_t slots, std::size_t name_bytes) const {
  return nodes_.growth(nodes) + slots_.growth(slots) + slot_table_.growth(slots) +
         keys_.growth(nodes, name_bytes) + paths_.growth(slots, name_bytes) +
         growth_of(changes_.digest_nodes, nodes) + growth_of(changes_.feed_nodes, nodes) +
         growth_of(changes_.feed_slots, slots) + growth_of(clocks_, nodes);
}

void Graph::check() const {
  std::uint32_t existing = 0;
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    const Node& node = nodes_[id];
    existing += node.exists;
    RTC_ASSERT(!node.deleted || node.exists);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Node& child = nodes_[node.children[i]];
      RTC_ASSERT(child.is_alive() && child.parent == id);
      RTC_ASSERT(i == 0 || sorts_before(node.children[i - 1], node.children[i]));
    }
    for (std::size_t i = 1; i < node.life.size(); ++i) {
      RTC_ASSERT(messages_.before(node.life[i - 1].place, node.life[i].place));
    }
    if (!node.life.empty()) RTC_ASSERT(node.life.back().alive == node.is_alive());
    if (node.is_alive() && node.parent != kNone) {
      const auto& siblings = nodes_[node.parent].children;
      RTC_ASSERT(std::count(siblings.begin(), siblings.end(), id) == 1);
    }
    for (SlotId slot = node.first_slot; slot != kNone; slot = slots_[slot].next) {
      RTC_ASSERT(slots_[slot].node == id && find_slot(id, slots_[slot].path) == slot);
    }
  }
  RTC_ASSERT(existing == existing_);
}

}  // namespace vuer_rtc
