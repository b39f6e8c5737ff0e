// Reading snapshots: compact form, published form, and bare graphs.
#include "history/snapshot_reader.hpp"

#include <algorithm>

#include "base/memory.hpp"
#include "history/fields.hpp"

namespace vuer_rtc {

namespace {

constexpr std::size_t kMaxDroppedUnits =
    1u << 24;  // units without content that one snapshot may claim

/// Memory that the nodes of a snapshot take, at most.
bool can_hold_nodes(ByteSpan nodes) {
  std::size_t count = 0, members = 0;
  for_each_field(nodes, [&](std::string_view, ByteSpan node) {
    std::uint32_t size = 0;
    MsgReader reader(node);
    if (reader.read_map(size)) members += size;
    ++count;
    return true;
  });
  return can_allocate(count * 4 * sizeof(Node) + members * 3 * sizeof(Slot) + nodes.size() * 3);
}

}  // namespace

Status SnapshotReader::read(ByteSpan snapshot) {
  ByteSpan graph, parents, ropes, undone;
  const bool ok = for_each_field(snapshot, [&](std::string_view name, ByteSpan value) {
    if (name == "graph") graph = value;
    if (name == "parents") parents = value;
    if (name == "textRopes") ropes = value;
    if (name == "undone") undone = value;
    return read_numbers(name, value);
  });
  if (!ok || graph.empty()) return make_error(ErrorCode::BadSnapshot, fault_);
  if (!can_allocate(ropes.size() * 16)) return make_error(ErrorCode::OutOfMemory);
  if (Status status = read_graph(graph); !status) return status;
  fault_ = "parents: not a tree";
  if (!parents.empty() && !read_parents(parents)) return make_error(ErrorCode::BadSnapshot, fault_);
  if (parents.empty()) link_listed();
  fault_ = "textRopes: malformed";
  if (!ropes.empty() && !read_ropes(ropes)) return make_error(ErrorCode::BadSnapshot, fault_);
  const bool ids_ok = undone.empty() || for_each_element(undone, [&](ByteSpan value) {
                        std::string_view id;
                        if (!read_text(value, id)) return false;
                        history_.verdicts_.carry(id);
                        return true;
                      });
  if (!ids_ok) return make_error(ErrorCode::BadSnapshot, "undone: not a list of ids");
  history_.lt_ = std::max(history_.lt_, history_.base_lt_);
  if (history_.stable_ > 0) history_.see_lt(static_cast<std::uint64_t>(history_.stable_));
  return {};
}

bool SnapshotReader::read_numbers(std::string_view name, ByteSpan value) {
  double line = 0;
  if (name == "lt") {
    fault_ = "lt: not an integer";
    return read_integer(value, history_.base_lt_);
  }
  if (name == "journalIndex") {
    fault_ = "journalIndex: not an integer";
    return read_integer(value, history_.journal_index_);
  }
  if (name == "vectorClock") {
    fault_ = "vectorClock: malformed";
    return read_clock(value);
  }
  if (name != "stable") return true;
  fault_ = "stable: not an integer from -1";
  if (!read_double(value, line) || line < -1 || line > static_cast<double>(kMaxInteger))
    return false;
  history_.stable_ = static_cast<std::int64_t>(line);
  return static_cast<double>(history_.stable_) == line;
}

bool SnapshotReader::read_clock(ByteSpan bytes) {
  return for_each_field(bytes, [&](std::string_view client, ByteSpan value) {
    std::uint64_t number = 0;
    if (!is_clean_utf8(client) || !read_integer(value, number)) return false;
    const NameId id = history_.messages_.clients().intern(client);
    History::raise_entry(history_.base_clock_, id, number);
    history_.see_clock(id, number);
    return true;
  });
}

// ---- nodes

Status SnapshotReader::read_graph(ByteSpan graph) {
  ByteSpan nodes;
  fault_ = "graph: malformed";
  const bool ok = for_each_field(graph, [&](std::string_view name, ByteSpan value) {
    std::string_view key;
    if (name == "nodes") nodes = value;
    if (name != "rootKey") return true;
    if (!read_text(value, key)) return false;
    root_key_ = key;
    return true;
  });
  if (!ok || nodes.empty()) return make_error(ErrorCode::BadSnapshot, fault_);
  if (!can_hold_nodes(nodes)) return make_error(ErrorCode::OutOfMemory);
  if (!read_nodes(nodes)) return make_error(ErrorCode::BadSnapshot, fault_);
  const NodeId root = root_key_.empty() ? kNone : history_.graph_.find_node(root_key_);
  if (!root_key_.empty() && (root == kNone || !history_.graph_.node(root).exists)) {
    return make_error(ErrorCode::BadSnapshot, "graph.rootKey: names no node");
  }
  history_.graph_.set_root(root);
  history_.dot_root_ = root;
  return {};
}

bool SnapshotReader::read_nodes(ByteSpan nodes) {
  return for_each_field(nodes, [&](std::string_view key, ByteSpan bytes) {
    fault_ = "graph.nodes: malformed node " + std::string(key.substr(0, 64));
    return !key.empty() && is_clean_utf8(key) && read_node(key, bytes);
  });
}

bool SnapshotReader::read_node(std::string_view key, ByteSpan bytes) {
  const NodeId id = history_.graph_.node_id(key);
  if (history_.graph_.node(id).exists) return false;
  ByteSpan envelope;
  std::vector<ByteSpan> children;
  const bool ok = for_each_field(bytes, [&](std::string_view name, ByteSpan value) {
    if (name == "_crdt") envelope = value;
    if (name == "children") children.push_back(value);
    return is_reserved(name) || read_member(id, name, value);
  });
  if (!ok || envelope.empty() || !read_envelope(id, envelope)) return false;
  for (const ByteSpan list : children) {
    if (!read_children(id, list)) return false;
  }
  return true;
}

bool SnapshotReader::read_member(NodeId id, std::string_view name, ByteSpan bytes) {
  MsgReader reader(bytes);
  Value value;
  if (!is_clean_utf8(name) || !read_value(reader, value, kMaxDepth)) return false;
  Slot& slot =
      history_.graph_.slot(history_.graph_.slot_id(id, history_.graph_.paths().intern(name)));
  if (slot.is_present()) return false;
  slot.value = std::move(value);
  return true;
}

bool SnapshotReader::read_envelope(NodeId id, ByteSpan bytes) {
  double created = 0, updated = 0, deleted_at = 0;
  std::uint64_t lt = 0;
  bool deleted = false;
  ByteSpan clock, lww;
  const bool ok = for_each_field(bytes, [&](std::string_view name, ByteSpan value) {
    if (name == "createdAt") return read_double(value, created);
    if (name == "updatedAt") return read_double(value, updated);
    if (name == "lamportTime") return read_integer(value, lt);
    if (name == "clock") clock = value;
    if (name == "lww") lww = value;
    if (name != "deletedAt" || is_nil(value)) return true;
    return deleted = read_double(value, deleted_at);
  });
  const auto is_entry = [](std::string_view client, ByteSpan value) {
    std::uint64_t number = 0;
    return is_clean_utf8(client) && read_integer(value, number);
  };
  if (!ok || clock.empty() || !for_each_field(clock, is_entry)) return false;
  history_.graph_.load_node(id, created, clock);
  history_.graph_.touch(id, updated, lt);
  history_.graph_.touch_base(id, updated, lt);
  if (deleted) history_.graph_.set_deleted(id, true, deleted_at);
  history_.graph_.node(id).base_alive = !deleted;
  return lww.empty() || read_lww(id, lww);
}

bool SnapshotReader::read_lww(NodeId id, ByteSpan bytes) {
  return for_each_field(bytes, [&](std::string_view path, ByteSpan entry) {
    std::uint64_t lt = 0;
    std::string_view client;
    const bool ok = for_each_field(entry, [&](std::string_view name, ByteSpan value) {
      if (name == "lt" || name == "lamportTime") return read_integer(value, lt);
      return (name != "client" && name != "sessionId") || read_text(value, client);
    });
    if (!ok || !is_clean_utf8(path)) return false;
    Slot& slot =
        history_.graph_.slot(history_.graph_.slot_id(id, history_.graph_.paths().intern(path)));
    slot.lww_lt = lt;
    slot.lww_client = history_.messages_.clients().intern(client);
    return true;
  });
}

// ---- the tree

bool SnapshotReader::read_children(NodeId id, ByteSpan bytes) {
  return for_each_element(bytes, [&](ByteSpan value) {
    std::string_view key;
    if (!read_text(value, key) || key.empty()) return false;
    listed_.emplace_back(history_.graph_.node_id(key), id);
    return true;
  });
}

bool SnapshotReader::link(NodeId child, NodeId parent) {
  Graph& graph = history_.graph_;
  if (graph.node(child).parent != kNone || graph.is_below(parent, child)) return false;
  graph.restore_parent(child, parent);
  return true;
}

bool SnapshotReader::read_parents(ByteSpan bytes) {
  return for_each_field(bytes, [&](std::string_view key, ByteSpan value) {
    std::string_view parent;
    if (key.empty() || !is_clean_utf8(key) || !read_text(value, parent) || parent.empty())
      return false;
    return link(history_.graph_.node_id(key), history_.graph_.node_id(parent));
  });
}

/// The published form: parents are read off the children lists; a second parent is dropped.
void SnapshotReader::link_listed() {
  for (const auto& [child, parent] : listed_) (void)link(child, parent);
}

// ---- texts

bool SnapshotReader::read_ropes(ByteSpan bytes) {
  return for_each_field(bytes, [&](std::string_view key, ByteSpan paths) {
    if (key.empty() || !is_clean_utf8(key)) return false;
    const NodeId node = history_.graph_.node_id(key);
    return for_each_field(paths, [&](std::string_view path, ByteSpan rope) {
      return is_clean_utf8(path) && read_rope_of(node, path, rope);
    });
  });
}

bool SnapshotReader::read_rope_of(NodeId node, std::string_view path, ByteSpan bytes) {
  Rope rope;
  if (!read_rope(bytes, history_.messages_.clients(), rope)) return false;
  const SlotId slot_id = history_.graph_.slot_id(node, history_.graph_.paths().intern(path));
  const TextId text = history_.texts_.text_of(slot_id);
  history_.texts_.load_begun(text, rope.begun);
  for (const Rope::Item& item : rope.items) {
    dropped_ += item.undone ? item.content.size() : 0;
    const IdRange units{item.first.agent, item.first.n, item.content.size()};
    if (dropped_ > kMaxDroppedUnits || history_.texts_.sequence(text).is_claimed(units))
      return false;
    history_.texts_.sequence(text).insert(
        Insert{item.first, item.anchor, item.seq, item.ts, item.content, item.undone});
  }
  for (const IdRange& range : rope.removed) history_.texts_.load_removed(text, range);
  Slot& slot = history_.graph_.slot(slot_id);
  const bool shown = rope.knows_shown ? rope.shown
                                      : slot.value.is_string() &&
                                            slot.value.string() == history_.texts_.text(text);
  slot.textual = slot.base_textual = shown && history_.graph_.node(node).exists;
  return true;
}

Status History::read_snapshot(ByteSpan bytes) { return SnapshotReader(*this).read(bytes); }

Status History::read_graph(ByteSpan bytes) {
  SnapshotReader reader(*this);
  Status status = reader.read_graph(bytes);
  if (status.ok()) reader.link_listed();
  return status;
}

}  // namespace vuer_rtc
