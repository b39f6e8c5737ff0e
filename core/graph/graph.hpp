// The graph as it stands at one place of the order: nodes, the tree, property slots. Law,
// section 5.
//
// The graph keeps states; what brought them about, and taking it back, is history's business. Each
// node key has one Node from its first mention on, created or not. Slots lie in one table, found by
// (node, path).
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/chunked.hpp"
#include "base/index_table.hpp"
#include "model/messages.hpp"
#include "model/names.hpp"
#include "model/value.hpp"

namespace vuer_rtc {

using NodeId = NameId;
using SlotId = std::uint32_t;
inline constexpr std::uint32_t kNone = 0xffffffff;

/// Where a node came to life or died: the steps of its history above the line.
struct LifeEvent {
  Place place;
  bool alive;
};

/// One property of one node. `textual`: it shows the sequence of `text`, and `value` is not looked
/// at.
struct Slot {
  [[no_unique_address]] Value value;
  bool textual = false;
  bool base_textual = false;  // before the first entry of log and text
  bool feed_dirty = false;
  NodeId node = kNone;
  NameId path = kNone;
  SlotId next = kNone;         // next slot of the node
  std::uint32_t log = kNone;   // its log in the history
  std::uint32_t text = kNone;  // its text in the history
  std::int32_t last_set =
      -1;  // index in the log of the last set that took effect; -1: lww of the snapshot
  NameId lww_client = kNone;  // of the snapshot; kNone: no entry
  std::uint64_t lww_lt = 0;

  bool is_present() const { return textual || !value.is_missing(); }
};

/// What changed of a node since the digest or the feed last looked.
enum NodeChange : std::uint8_t {
  kChangedDigest = 1,
  kChangedNode = 2,
  kChangedChildren = 4,
  kChangedTouch = 8,
  kInFeedList = 16,
};

struct Node {
  NodeId parent = kNone;
  SlotId first_slot = kNone;
  Place created;  // the op that created it; message kNoMessage: the snapshot did, or nothing
  bool exists = false;
  bool deleted = false;
  bool touched = false;
  bool base_touched = false;
  std::uint8_t changes = 0;
  bool base_alive = false;  // before the first life event
  double deleted_at = 0;
  double created_at = 0;  // of the snapshot; a node created above the line reads its message
  double updated_at = 0;  // of all messages, and below of those that are folded
  double base_updated_at = 0;
  std::uint64_t lamport_time = 0;
  std::uint64_t base_lamport_time = 0;
  std::uint32_t clock = kNone;   // of the snapshot: index into the table of clocks
  std::vector<NodeId> children;  // alive nodes under this one, by (createdAt, key)
  std::vector<LifeEvent> life;

  bool is_alive() const { return exists && !deleted; }
};

/// Told what changed; the digest cache and the feed keep lists.
class ChangeLog {
 public:
  void node(NodeId id, Node& node, std::uint8_t what) {
    if (!(node.changes & kChangedDigest)) digest_nodes.push_back(id);
    if (feed && !(node.changes & kInFeedList)) feed_nodes.push_back(id);
    node.changes |= feed ? (what | kChangedDigest | kInFeedList) : kChangedDigest;
  }
  void slot(SlotId id, Slot& slot) {
    if (!feed || slot.feed_dirty) return;
    slot.feed_dirty = true;
    feed_slots.push_back(id);
  }
  bool feed = false;
  bool root = false;
  std::vector<NodeId> digest_nodes, feed_nodes;
  std::vector<SlotId> feed_slots;
};

class Graph {
 public:
  explicit Graph(const Messages& messages) : messages_(messages) {}

  NodeId node_id(std::string_view key);  ///< makes the Node at the first mention
  NodeId find_node(std::string_view key) const { return keys_.find(key); }
  Node& node(NodeId id) { return nodes_[id]; }
  const Node& node(NodeId id) const { return nodes_[id]; }
  std::uint32_t node_count() const { return nodes_.size(); }
  std::string_view key(NodeId id) const { return keys_.view(id); }

  SlotId slot_id(NodeId node, NameId path);  ///< makes the Slot at the first mention
  SlotId find_slot(NodeId node, NameId path) const;
  Slot& slot(SlotId id) { return slots_[id]; }
  const Slot& slot(SlotId id) const { return slots_[id]; }
  std::uint32_t slot_count() const { return slots_.size(); }

  Names& paths() { return paths_; }
  const Names& paths() const { return paths_; }
  const Names& keys() const { return keys_; }

  double created_at(const Node& node) const {
    return node.created.message == kNoMessage ? node.created_at
                                              : messages_[node.created.message].ts;
  }
  /// Whether the node was alive just before this place, by its life events.
  bool was_alive(const Node& node, Place place) const;

  /// True when `key` is `top` or lies somewhere below it.
  bool is_below(NodeId key, NodeId top) const;
  /// Sets a parent as an insert or a revival does: one that would close a cycle counts as none.
  void set_parent(NodeId id, NodeId parent);
  /// Puts a parent link back or in place without a check.
  void restore_parent(NodeId id, NodeId parent);
  /// A parent link of a snapshot; list() follows when all are there.
  void load_parent(NodeId id, NodeId parent);
  /// Changes that decide whether the node stands in its parent's list; keeps the list in order.
  void set_created(NodeId id, Place place);
  void clear_created(NodeId id);
  void set_deleted(NodeId id, bool deleted, double deleted_at);
  void set_root(NodeId id);
  /// Its creation falls under the line: createdAt and clock become its own.
  void fold_created(NodeId id);
  /// The clock of the message that created the node, a MessagePack map.
  ByteSpan clock_of(const Node& node) const;
  /// A node of a snapshot.
  void load_node(NodeId id, double created_at, ByteSpan clock);
  /// Puts the node anew among its siblings after its createdAt changed; `list` and `unlist` are its
  /// two halves.
  void list(NodeId id);
  void unlist(NodeId id);

  /// Every mention of the key by a message, for updatedAt and lamportTime.
  void touch(NodeId id, double ts, std::uint64_t lt);

  void touch_base(NodeId id, double ts, std::uint64_t lt);
  /// Back to what the folded messages named.
  void forget_touches();

  NodeId root() const { return root_; }
  ChangeLog& changes() { return changes_; }
  std::uint32_t alive_or_deleted() const { return existing_; }  ///< nodes that exist

  std::size_t growth(std::size_t nodes, std::size_t slots, std::size_t name_bytes) const;
  void check() const;

 private:
  bool sorts_before(NodeId a, NodeId b) const;
  SlotId find_in_table(NodeId node, NameId path) const;
  SlotId add_slot(NodeId node, NameId path);
  const Messages& messages_;
  Names keys_, paths_;
  ChunkedVector<Node> nodes_;
  ChunkedVector<Slot> slots_;
  IndexTable slot_table_;
  std::uint32_t keep_clock(ByteSpan clock);
  std::vector<Bytes> clocks_;  // of folded creations; equal neighbours share one
  NodeId root_ = kNone;
  std::uint32_t existing_ = 0;
  ChangeLog changes_;
};

}  // namespace vuer_rtc
