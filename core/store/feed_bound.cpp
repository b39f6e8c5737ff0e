// How many bytes the next feed takes at most: asked for before it is written.
#include "store/feed_writer.hpp"

namespace vuer_rtc {

std::size_t FeedWriter::bound(History& history) const {
  constexpr std::size_t kRecord = 96;
  history.tell_pending();
  Graph& graph = history.graph();
  const ChangeLog& changes = graph.changes();
  std::size_t bytes =
      4 * kRecord + (graph.keys().size() - keys_ + graph.paths().size() - paths_) * (kRecord + 512);
  const auto slot_bytes = [&](const Slot& slot) {
    const std::size_t units =
        slot.text == kNone ? 0 : history.texts().sequence(slot.text).unit_count();
    return kRecord + slot.value.size() + 4 * units;
  };
  const auto node_bytes = [&](const Node& node, bool is_whole) {
    bytes += 2 * kRecord + 4 * node.children.size();
    if (!is_whole || !node.exists) return;
    bytes += 4 * graph.clock_of(node).size();
    for (SlotId s = node.first_slot; s != kNone; s = graph.slot(s).next)
      bytes += slot_bytes(graph.slot(s));
  };
  for (const NodeId id : changes.feed_nodes) {
    node_bytes(graph.node(id), (graph.node(id).changes & kChangedNode) != 0);
  }
  for (NodeId id = 0; restarts_ && id < graph.node_count(); ++id) node_bytes(graph.node(id), true);
  for (const SlotId id : changes.feed_slots) bytes += slot_bytes(graph.slot(id));
  for (const MessageEvent& event : history.events()) bytes += kRecord + event.id.size();
  return 2 * bytes;
}

}  // namespace vuer_rtc
