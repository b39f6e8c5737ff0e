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
  void link_listed();

 private:
  bool read_nodes(ByteSpan nodes);
  bool read_node(std::string_view key, ByteSpan bytes);
  bool read_member(NodeId id, std::string_view name, ByteSpan bytes);
  bool read_envelope(NodeId id, ByteSpan bytes);
  bool read_lww(NodeId id, ByteSpan bytes);
  bool read_children(NodeId id, ByteSpan bytes);
  bool read_parents(ByteSpan bytes);
  bool link(NodeId child, NodeId parent);
  bool read_ropes(ByteSpan bytes);
  bool read_rope_of(NodeId node, std::string_view path, ByteSpan bytes);
  bool read_clock(ByteSpan bytes);
  bool read_numbers(std::string_view name, ByteSpan value);

  History& history_;
  std::string fault_ = "not a snapshot";
  std::string root_key_;
  std::vector<std::pair<NodeId, NodeId>> listed_;  // child, parent: by the children lists
  std::size_t dropped_ = 0;                        // units without content so far
};

}  // namespace vuer_rtc
