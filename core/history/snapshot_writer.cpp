// Snapshots: the document folded up to the line, in compact and in published form (law, section 8).
#include <algorithm>

#include "history/graph_writer.hpp"
#include "history/rope.hpp"
#include "vuer_rtc/version.hpp"

namespace vuer_rtc {

namespace {

/// Texts of the snapshot by node: those with an insert, a deletion, or begun.
std::vector<std::pair<NodeId, std::vector<SlotId>>> texts_by_node(Graph& graph) {
  std::vector<std::pair<NodeId, std::vector<SlotId>>> found;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    std::vector<SlotId> slots;
    for (SlotId s = graph.node(id).first_slot; s != kNone; s = graph.slot(s).next) {
      if (graph.slot(s).text != kNone) slots.push_back(s);
    }
    if (!slots.empty()) found.emplace_back(id, std::move(slots));
  }
  return found;
}

void write_parents(const Graph& graph, MsgWriter& writer) {
  std::uint32_t count = 0;
  for (NodeId id = 0; id < graph.node_count(); ++id) count += graph.node(id).parent != kNone;
  writer.map(count);
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.node(id).parent == kNone) continue;
    writer.string(graph.key(id));
    writer.string(graph.key(graph.node(id).parent));
  }
}

}  // namespace

void History::write_snapshot(Bytes& out) {
  tree_.rewind();
  MsgWriter writer(out);
  writer.map(9);
  writer.string("version");
  writer.number(kSnapshotVersion);
  writer.string("graph");
  GraphWriter(*this, GraphState::AtLine, out).write();
  writer.string("parents");
  write_parents(graph_, writer);
  tree_.forward();
  writer.string("textRopes");
  write_ropes(out, true);
  writer.string("undone");
  const std::vector<std::string> undone = verdicts_.carried();
  writer.array(static_cast<std::uint32_t>(undone.size()));
  for (const std::string& id : undone) writer.string(id);
  write_numbers(writer);
  writer.string("stable");
  writer.number(static_cast<double>(stable_));
}

void History::write_published(Bytes& out) {
  tree_.rewind();
  MsgWriter writer(out);
  writer.map(5);
  writer.string("graph");
  GraphWriter(*this, GraphState::AtLine, out).write();
  tree_.forward();
  writer.string("textRopes");
  write_ropes(out, false);
  write_numbers(writer);
}

void History::write_numbers(MsgWriter& writer) {
  writer.string("vectorClock");
  write_clock(writer.bytes(), true);
  writer.string("lt");
  writer.number(static_cast<double>(base_lt_));
  writer.string("journalIndex");
  writer.number(static_cast<double>(journal_index_));
}

void History::write_ropes(Bytes& out, bool compact) {
  const auto by_node = texts_by_node(graph_);
  MsgWriter writer(out);
  writer.map(static_cast<std::uint32_t>(by_node.size()));
  for (const auto& [node, slots] : by_node) {
    writer.string(graph_.key(node));
    writer.map(static_cast<std::uint32_t>(slots.size()));
    for (const SlotId s : slots) {
      const Slot& slot = graph_.slot(s);
      writer.string(graph_.paths().view(slot.path));
      const Sequence sequence = texts_.base_sequence(slot.text);
      const RopeState state{slot.base_textual, texts_.base_begun(slot.text),
                            &texts_.base_removed(slot.text)};
      compact ? write_compact_rope(sequence, state, messages_.clients(), out)
              : write_tree_rope(sequence, messages_.clients(), out);
    }
  }
}

}  // namespace vuer_rtc
