// The digest's cache, and the canonical bytes of a node.
#include "history/digest.hpp"

#include <algorithm>

#include "base/memory.hpp"
#include "base/sha256.hpp"
#include "base/sort.hpp"
#include "history/joined_runs.hpp"
#include "history/slot_logs.hpp"
#include "history/texts.hpp"

namespace vuer_rtc {

std::size_t DigestCache::bucket_of(std::string_view key) {
  scratch_.clear();
  MsgWriter(scratch_).string(key);
  return sha256(scratch_)[0];
}

void DigestCache::renew(const Graph& graph, NodeId id) {
  Entry& entry = entries_[id];
  const bool exists = graph.node(id).exists;
  if (!exists && !entry.is_listed) return;
  Bucket& bucket = buckets_[bucket_of(graph.key(id))];
  bucket.is_stale = true;
  if (exists == entry.is_listed) return;
  const auto at = std::lower_bound(bucket.nodes.begin(), bucket.nodes.end(), id,
                                   [&](NodeId a, NodeId b) { return graph.key(a) < graph.key(b); });
  exists ? (void)bucket.nodes.insert(at, id) : (void)bucket.nodes.erase(at);
  entry.is_listed = exists;
}

bool DigestCache::make_entries(Graph& graph) {
  std::size_t widest = 0;
  for (const Bucket& bucket : buckets_) widest = std::max(widest, bucket.nodes.size());
  const std::size_t count = graph.node_count();
  const std::size_t entries =
      entries_.size() < count ? growth_of(entries_, count - entries_.size()) : 0;
  // A node that comes may be the one that makes a bucket's list grow.
  if (!can_allocate(entries + 16 * graph.changes().digest_nodes.size() + 8 * widest)) return false;
  if (entries_.size() < count) entries_.resize(count);
  return true;
}

bool DigestCache::renew_bucket(const Graph& graph, Bucket& bucket) {
  std::size_t bytes = 0;
  for (const NodeId id : bucket.nodes) bytes += graph.key(id).size() + 8 + sizeof(Hash);
  scratch_.clear();
  if (!make_room(scratch_, bytes)) return false;
  for (const NodeId id : bucket.nodes) {
    MsgWriter(scratch_).string(graph.key(id));
    scratch_.insert(scratch_.end(), entries_[id].hash.begin(), entries_[id].hash.end());
  }
  bucket.hash = sha256(scratch_);
  bucket.is_stale = false;
  return true;
}

bool DigestCache::digest(Graph& graph, const SlotLogs& slots, const Texts& texts,
                         MessageIndex left_out, Hash& out) {
  Bytes body;
  if (!make_entries(graph)) return false;
  std::vector<NodeId>& changed = graph.changes().digest_nodes;
  for (; !changed.empty(); changed.pop_back()) {
    const NodeId id = changed.back();
    const std::size_t bytes = node_bytes(graph, slots, texts, id);
    body.clear();
    if (!make_room(body, bytes) || !can_allocate(bytes)) return false;
    graph.node(id).changes &= static_cast<std::uint8_t>(~kChangedDigest);
    renew(graph, id);
    if (!graph.node(id).exists) continue;
    NodeWriter{graph, slots, texts, left_out, body}.write(id);
    entries_[id].hash = sha256(body);
  }
  body.clear();
  const std::string_view root =
      graph.root() == kNone ? std::string_view() : graph.key(graph.root());
  if (!make_room(body, root.size() + buckets_.size() * (1 + sizeof(Hash)) + 16)) return false;
  MsgWriter top(body);
  top.array(1);
  top.string(root);
  for (std::size_t index = 0; index < buckets_.size(); ++index) {
    Bucket& bucket = buckets_[index];
    if (bucket.nodes.empty()) continue;
    if (bucket.is_stale && !renew_bucket(graph, bucket)) return false;
    body.push_back(static_cast<std::uint8_t>(index));
    body.insert(body.end(), bucket.hash.begin(), bucket.hash.end());
  }
  out = sha256(body);
  return true;
}

// ---- the bound

std::size_t node_bytes(const Graph& graph, const SlotLogs& slots, const Texts& texts, NodeId id) {
  constexpr std::size_t kPerNode = 1024, kPerSlot = 256, kPerChild = 8;
  const Node& node = graph.node(id);
  std::size_t bytes = kPerNode + 3 * graph.key(id).size();
  if (node.exists) bytes += graph.clock_of(node).size();
  if (node.parent != kNone) bytes += graph.key(node.parent).size();
  for (const NodeId child : node.children) bytes += kPerChild + graph.key(child).size();
  for (SlotId s = node.first_slot; s != kNone; s = graph.slot(s).next) {
    const Slot& slot = graph.slot(s);
    bytes += kPerSlot + 3 * graph.paths().view(slot.path).size() + slot.value.size() +
             slots.base_value(slot).size();
    for (const NameId client : {slots.lww(slot).client, slots.base_lww(slot).client}) {
      if (client != kNoName) bytes += slots.clients().view(client).size();
    }
    if (slot.text != kNone) bytes += texts.reading_bytes(slot.text);
  }
  return bytes;
}

// ---- one node: members in the order of their names' bytes

void NodeWriter::write(NodeId id) {
  const Node& node = graph.node(id);
  const std::vector<SlotId> sorted = sorted_slots(id);
  MsgWriter writer(out);
  writer.map(8);
  writer.string("children");
  write_children(node);
  writer.string("createdAt");
  writer.float64(graph.created_at(node));
  writer.string("deletedAt");
  node.deleted ? writer.float64(node.deleted_at) : writer.nil();
  writer.string("key");
  writer.string(graph.key(id));
  writer.string("lww");
  write_lww(sorted);
  writer.string("parent");
  node.parent == kNone ? writer.nil() : writer.string(graph.key(node.parent));
  writer.string("props");
  write_props(sorted);
  writer.string("texts");
  write_texts(sorted);
}

std::vector<SlotId> NodeWriter::sorted_slots(NodeId id) const {
  std::vector<SlotId> found;
  for (SlotId slot = graph.node(id).first_slot; slot != kNone; slot = graph.slot(slot).next) {
    found.push_back(slot);
  }
  sort_range(found.begin(), found.end(), [this](SlotId a, SlotId b) {
    return graph.paths().view(graph.slot(a).path) < graph.paths().view(graph.slot(b).path);
  });
  return found;
}

void NodeWriter::write_children(const Node& node) {
  MsgWriter writer(out);
  writer.array(static_cast<std::uint32_t>(node.children.size()));
  for (const NodeId child : node.children) writer.string(graph.key(child));
}

void NodeWriter::write_lww(const std::vector<SlotId>& ids) {
  std::uint32_t count = 0;
  for (const SlotId id : ids) count += slots.lww(graph.slot(id)).client != kNoName;
  MsgWriter writer(out);
  writer.map(count);
  for (const SlotId id : ids) {
    const SlotLogs::Entry entry = slots.lww(graph.slot(id));
    if (entry.client == kNoName) continue;
    writer.string(graph.paths().view(graph.slot(id).path));
    writer.array(2);
    writer.float64(static_cast<double>(entry.lt));
    writer.string(slots.clients().view(entry.client));
  }
}

void NodeWriter::write_props(const std::vector<SlotId>& ids) {
  std::uint32_t count = 0;
  for (const SlotId id : ids) count += graph.slot(id).is_present();
  MsgWriter writer(out);
  writer.map(count);
  for (const SlotId id : ids) {
    const Slot& slot = graph.slot(id);
    if (!slot.is_present()) continue;
    writer.string(graph.paths().view(slot.path));
    slot.textual ? writer.string(texts.text(slot.text)) : slot.value.write_canonical(out);
  }
}

void NodeWriter::write_texts(const std::vector<SlotId>& ids) {
  std::vector<std::pair<SlotId, std::vector<JoinedRun>>> found;
  for (const SlotId id : ids) {
    const Slot& slot = graph.slot(id);
    if (slot.text == kNone || texts.sequence(slot.text).is_empty()) continue;
    const bool has_pending = left_out != kNoMessage;
    auto runs =
        joined_runs(texts.sequence(slot.text),
                    has_pending ? texts.units_of(slot.text, left_out) : std::vector<IdRange>());
    if (!runs.empty()) found.emplace_back(id, std::move(runs));
  }
  MsgWriter writer(out);
  writer.map(static_cast<std::uint32_t>(found.size()));
  for (const auto& [id, runs] : found) {
    writer.string(graph.paths().view(graph.slot(id).path));
    writer.array(static_cast<std::uint32_t>(runs.size()));
    for (const JoinedRun& run : runs) write_run(run, slots.clients(), out);
  }
}

}  // namespace vuer_rtc
