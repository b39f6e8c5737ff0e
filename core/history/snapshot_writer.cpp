// Snapshots: the document folded up to the line, in compact and in published form (law, section 8).
#include <algorithm>

#include "base/memory.hpp"
#include "history/graph_writer.hpp"
#include "history/rope.hpp"
#include "vuer_rtc/version.hpp"

namespace vuer_rtc {

namespace {

constexpr std::size_t kFrame = 512;  // names of members, and numbers

bool write_parents(const Graph& graph, MsgWriter& writer) {
  std::uint32_t count = 0;
  std::size_t bytes = 64;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.node(id).parent == kNone) continue;
    bytes += graph.key(id).size() + graph.key(graph.node(id).parent).size() + 10;
    ++count;
  }
  if (!make_room(writer.bytes(), bytes)) return false;
  writer.map(count);
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.node(id).parent == kNone) continue;
    writer.string(graph.key(id));
    writer.string(graph.key(graph.node(id).parent));
  }
  return true;
}

}  // namespace

bool History::write_snapshot(RopeForm form, Bytes& out) {
  if (!make_room(out, kFrame)) return false;
  MsgWriter writer(out);
  writer.map(9);
  writer.string("version");
  writer.number(form == RopeForm::Columns ? kSnapshotVersion : kPlainSnapshotVersion);
  if (!write_base(form, out) || !reserve_rest(out)) return false;
  writer.string("undone");
  const std::vector<std::string> undone = verdicts_.carried();
  writer.array(static_cast<std::uint32_t>(undone.size()));
  for (const std::string& id : undone) writer.string(id);
  write_numbers(writer);
  writer.string("stable");
  writer.number(static_cast<double>(stable_));
  return true;
}

bool History::write_published(Bytes& out) {
  if (!make_room(out, kFrame)) return false;
  MsgWriter writer(out);
  writer.map(5);
  if (!write_base(RopeForm::Tree, out) || !reserve_rest(out)) return false;
  write_numbers(writer);
  return true;
}

/// Graph, parents and ropes at the line.
bool History::write_base(RopeForm form, Bytes& out) {
  if (!tree_.is_empty() && !reserve_replay()) return false;
  tree_.rewind();
  MsgWriter writer(out);
  writer.string("graph");
  bool done = GraphWriter(*this, GraphState::AtLine, out).write();
  if (form != RopeForm::Tree && done) {
    writer.string("parents");
    done = write_parents(graph_, writer);
  }
  tree_.forward();
  if (!done) return false;
  writer.string("textRopes");
  return write_ropes(form, out);
}

/// Room for what is neither node nor text.
bool History::reserve_rest(Bytes& out) const {
  std::size_t bytes = kFrame + verdicts_.carried_bytes();
  for (NameId client = 0; client < base_clock_.size(); ++client) {
    bytes += 16 + messages_.clients().view(client).size();
  }
  return make_room(out, bytes) && can_allocate(bytes);
}

void History::write_numbers(MsgWriter& writer) {
  writer.string("vectorClock");
  write_clock(writer.bytes(), true);
  writer.string("lt");
  writer.number(static_cast<double>(base_lt_));
  writer.string("journalIndex");
  writer.number(static_cast<double>(journal_index_));
}

bool History::write_ropes(RopeForm form, Bytes& out) {
  std::size_t dropped = 0;
  const auto is_text = [](const Slot& slot) { return slot.text != kNone; };
  const auto write = [&](const Slot& slot) {
    const Sequence sequence = texts_.base_sequence(slot.text);
    const RopeState state{slot.base_textual, texts_.base_begun(slot.text),
                          &texts_.base_removed(slot.text)};
    const Names& clients = messages_.clients();
    if (form == RopeForm::Tree) return write_tree_rope(sequence, clients, out);
#ifndef RTC_SMALL
    if (form == RopeForm::Plain) return write_plain_rope(sequence, state, clients, out);
#endif
    const bool is_beside = state.shown && graph_.node(slot.node).exists;
    write_column_rope(sequence, state, is_beside, dropped, clients, out);
  };
  return write_by_node(*this, is_text, write, out);
}

}  // namespace vuer_rtc
