// Filling an empty history from a snapshot or a graph value: untrusted bytes, checked whole before
// they are trusted.
#pragma once

#include "history/history.hpp"
#include "history/rope.hpp"

namespace vuer_rtc {

class SnapshotReader {
 public:
  explicit SnapshotReader(History& history) : history_(history) {}

  Status read(ByteSpan snapshot);
  Status read_graph(ByteSpan graph);
  /// Parents as the children lists say, where the snapshot does not state them.
  bool link_listed();
  /// The children of all nodes, once their parents are known.
  bool list_children();

 private:
  Status read_parts(ByteSpan ropes, ByteSpan undone);
  Error fault() const;
  bool has_memory(std::size_t bytes);
  bool scan_graph(MsgReader& reader);
  bool scan_nodes(MsgReader& reader);
  Status load_graph();
  bool read_node(std::string_view key, MsgReader& reader);
  bool read_member(NodeId id, NameId path, MsgReader& reader);
  bool read_envelope(NodeId id, MsgReader& reader);
  bool read_node_clock(MsgReader& reader);
  bool read_lww(NodeId id, MsgReader& reader);
  bool read_children(NodeId id, MsgReader& reader);
  bool read_parents(ByteSpan bytes);
  bool link(NodeId child, NodeId parent);
  bool read_ropes(ByteSpan bytes);
  bool read_rope_of(NodeId node, std::string_view path, ByteSpan bytes);
  bool read_columns(SlotId slot, ByteSpan columns);
  bool read_clock(ByteSpan bytes);
  bool read_numbers(std::string_view name, ByteSpan value);
  NodeId node_of(std::string_view key);
  NameId path_of(std::string_view name, std::size_t index);

  History& history_;
  std::string fault_ = "not a snapshot";
  ByteSpan nodes_, parents_;
  std::string root_key_;
  std::size_t node_count_ = 0, member_count_ = 0;
  std::vector<std::pair<NodeId, ByteSpan>> lists_;  // of children, by their parent
  std::size_t dropped_ = 0;                         // units without content so far
  std::size_t dropped_in_columns_ = 0;
  // Nodes have the same order in all parts, and their members in all nodes: the likely next one.
  NodeId next_node_ = 0;
  std::vector<NameId> paths_;
  ByteSpan clock_;  // of the node before, checked
  bool no_memory_ = false;
};

}  // namespace vuer_rtc
