// Writing graphs, texts and single properties.
#include "history/graph_writer.hpp"

#include "base/memory.hpp"

namespace vuer_rtc {

namespace {
constexpr std::size_t kFrame = 512;  // around the nodes; the key of the root is among them
}

bool GraphWriter::write() {
  const Graph& graph = history_.graph();
  if (!make_room(writer_.bytes(), kFrame)) return false;
  writer_.map(4);
  writer_.string("nodes");
  writer_.map(graph.alive_or_deleted());
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (!graph.node(id).exists) continue;
    if (!history_.reserve_node(id, writer_.bytes())) return false;
    write_node(id);
  }
  if (!make_room(writer_.bytes(), kFrame)) return false;
  writer_.string("rootKey");
  writer_.string(graph.root() == kNone ? std::string_view() : graph.key(graph.root()));
  writer_.string("lww");
  writer_.map(0);
  writer_.string("tombstones");
  writer_.map(0);
  return true;
}

void GraphWriter::write_node(NodeId id) {
  const Graph& graph = history_.graph();
  writer_.string(graph.key(id));
  write_props(id, 3);
  writer_.string("key");
  writer_.string(graph.key(id));
  writer_.string("children");
  const auto& children = graph.node(id).children;
  writer_.array(static_cast<std::uint32_t>(children.size()));
  for (const NodeId child : children) writer_.string(graph.key(child));
  writer_.string("_crdt");
  write_envelope(id);
}

bool GraphWriter::is_present(const Slot& slot) const {
  if (!at_line_) return slot.is_present();
  return slot.base_textual || !history_.slots().base_value(slot).is_missing();
}

/// Opens the node's map with the properties and room for `extra` members.
void GraphWriter::write_props(NodeId id, std::uint32_t extra) {
  const Graph& graph = history_.graph();
  std::uint32_t count = extra;
  for (SlotId s = graph.node(id).first_slot; s != kNone; s = graph.slot(s).next) {
    count += is_present(graph.slot(s));
  }
  writer_.map(count);
  for (SlotId s = graph.node(id).first_slot; s != kNone; s = graph.slot(s).next) {
    const Slot& slot = graph.slot(s);
    if (!is_present(slot)) continue;
    writer_.string(graph.paths().view(slot.path));
    if (!at_line_) {
      history_.write_value(slot, writer_.bytes());
    } else if (slot.base_textual) {
      std::string text;
      history_.texts().base_sequence(slot.text).append_text(text);
      writer_.string(text);
    } else {
      history_.slots().base_value(slot).write_wire(writer_.bytes());
    }
  }
}

void GraphWriter::write_envelope(NodeId id) {
  const Node& node = history_.graph().node(id);
  const double created = history_.graph().created_at(node);
  const bool touched = at_line_ ? node.base_touched : node.touched;
  const double updated = at_line_ ? node.base_updated_at : node.updated_at;
  const std::uint64_t lt = at_line_ ? node.base_lamport_time : node.lamport_time;
  writer_.map(node.deleted ? 6 : 5);
  writer_.string("clock");
  writer_.raw(history_.graph().clock_of(node));
  writer_.string("lamportTime");
  writer_.number(static_cast<double>(lt));
  writer_.string("createdAt");
  writer_.number(created);
  writer_.string("updatedAt");
  writer_.number(touched ? updated : created);
  if (node.deleted) {
    writer_.string("deletedAt");
    writer_.number(node.deleted_at);
  }
  writer_.string("lww");
  write_lww(id);
}

SlotLogs::Entry GraphWriter::lww(const Slot& slot) const {
  return at_line_ ? history_.slots().base_lww(slot) : history_.slots().lww(slot);
}

void GraphWriter::write_lww(NodeId id) {
  const Graph& graph = history_.graph();
  std::uint32_t count = 0;
  for (SlotId s = graph.node(id).first_slot; s != kNone; s = graph.slot(s).next) {
    count += lww(graph.slot(s)).client != kNoName;
  }
  writer_.map(count);
  for (SlotId s = graph.node(id).first_slot; s != kNone; s = graph.slot(s).next) {
    const SlotLogs::Entry entry = lww(graph.slot(s));
    if (entry.client == kNoName) continue;
    writer_.string(graph.paths().view(graph.slot(s).path));
    writer_.map(2);
    writer_.string("lt");
    writer_.number(static_cast<double>(entry.lt));
    writer_.string("client");
    writer_.string(history_.messages().clients().view(entry.client));
  }
}

// ---- History's readers

bool History::write_graph(Bytes& out) { return GraphWriter(*this, GraphState::Now, out).write(); }

bool History::reserve_node(NodeId id, Bytes& out) const {
  const std::size_t bytes = node_bytes(graph_, slots_, texts_, id);
  return make_room(out, bytes) && can_allocate(bytes);
}

void History::write_value(const Slot& slot, Bytes& out) {
  if (!slot.textual) return slot.value.write_wire(out);
  MsgWriter(out).string(texts_.text(slot.text));
}

bool History::write_property(NodeId node, NameId path, Bytes& out) {
  const SlotId slot = graph_.find_slot(node, path);
  if (slot == kNone || !graph_.node(node).exists || !graph_.slot(slot).is_present()) return false;
  if (!reserve_node(node, out)) return false;
  write_value(graph_.slot(slot), out);
  return true;
}

bool write_by_node(History& history, FunctionRef<bool(const Slot&)> takes,
                   FunctionRef<void(const Slot&)> write, Bytes& out) {
  const Graph& graph = history.graph();
  const auto count = [&](NodeId id) {
    std::uint32_t found = 0;
    for (SlotId s = graph.node(id).first_slot; s != kNone; s = graph.slot(s).next) {
      found += takes(graph.slot(s));
    }
    return found;
  };
  std::uint32_t nodes = 0;
  for (NodeId id = 0; id < graph.node_count(); ++id) nodes += count(id) > 0;
  if (!make_room(out, kFrame)) return false;
  MsgWriter writer(out);
  writer.map(nodes);
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    const std::uint32_t found = count(id);
    if (found == 0) continue;
    if (!history.reserve_node(id, out)) return false;
    writer.string(graph.key(id));
    writer.map(found);
    for (SlotId s = graph.node(id).first_slot; s != kNone; s = graph.slot(s).next) {
      if (!takes(graph.slot(s))) continue;
      writer.string(graph.paths().view(graph.slot(s).path));
      write(graph.slot(s));
    }
  }
  return make_room(out, kFrame);
}

bool History::write_texts(Bytes& out) {
  const auto is_shown = [this](const Slot& slot) {
    return slot.text != kNone && graph_.node(slot.node).exists &&
           !texts_.sequence(slot.text).is_empty();
  };
  const auto write = [&](const Slot& slot) { MsgWriter(out).string(texts_.text(slot.text)); };
  return write_by_node(*this, is_shown, write, out);
}

}  // namespace vuer_rtc
