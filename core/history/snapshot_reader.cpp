// Reading snapshots: compact form, published form, and bare graphs.
#include "history/snapshot_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/memory.hpp"
#include "history/fields.hpp"
#include "text/columns.hpp"

namespace vuer_rtc {

namespace {

constexpr std::size_t kMaxDroppedUnits =
    1u << 24;  // units without content that one snapshot may claim

}  // namespace

Status SnapshotReader::read(ByteSpan snapshot) {
  ByteSpan ropes, undone;
  MsgReader reader(snapshot);
  const bool ok = for_each_member(reader, [&](std::string_view name) {
    ByteSpan value;
    if (name == "graph") return scan_graph(reader);
    if (!reader.read_raw(value)) return false;
    if (name == "parents") parents_ = value;
    if (name == "textRopes") ropes = value;
    if (name == "undone") undone = value;
    return read_numbers(name, value);
  });
  if (!ok || nodes_.empty()) return fault();
  return read_parts(ropes, undone);
}

Status SnapshotReader::read_parts(ByteSpan ropes, ByteSpan undone) {
  constexpr std::size_t kPerByte = 4 * sizeof(std::string);  // an id may be two bytes long
  if (Status status = load_graph(); !status) return status;
  fault_ = "parents: not a tree";
  if (!parents_.empty() && !read_parents(parents_)) return fault();
  if (parents_.empty() && !link_listed()) return fault();
  if (!list_children()) return fault();
  fault_ = "textRopes: malformed";
  if (!ropes.empty() && !read_ropes(ropes)) return fault();
  fault_ = "undone: not a list of ids";
  if (!has_memory(kPerByte * undone.size())) return fault();
  const bool ids_ok = undone.empty() || for_each_element(undone, [&](ByteSpan value) {
                        std::string_view id;
                        if (!read_text(value, id)) return false;
                        history_.verdicts_.carry(id);
                        return true;
                      });
  if (!ids_ok) return fault();
  history_.lt_ = std::max(history_.lt_, history_.base_lt_);
  if (history_.stable_ > 0) history_.see_lt(static_cast<std::uint64_t>(history_.stable_));
  return {};
}

/// A history that is being filled is thrown away when it fails, so memory is asked for on the way.
bool SnapshotReader::has_memory(std::size_t bytes) {
  no_memory_ = no_memory_ || !can_allocate(bytes);
  return !no_memory_;
}

Error SnapshotReader::fault() const {
  return no_memory_ ? make_error(ErrorCode::OutOfMemory)
                    : make_error(ErrorCode::BadSnapshot, fault_);
}

bool SnapshotReader::read_numbers(std::string_view name, ByteSpan value) {
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
    constexpr std::size_t kPerByte = 64;
    return has_memory(kPerByte * value.size()) && read_clock(value);
  }
  if (name != "stable") return true;
  fault_ = "stable: not an integer from -1";
  return read_whole(value, kNoLine, history_.stable_);
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
  MsgReader reader(graph);
  if (!scan_graph(reader) || nodes_.empty()) return make_error(ErrorCode::BadSnapshot, fault_);
  return load_graph();
}

/// Steps over the graph: where its nodes are, and how many, before anything is made of them.
bool SnapshotReader::scan_graph(MsgReader& reader) {
  const std::string fault = std::exchange(fault_, "graph: malformed");
  const bool ok = for_each_member(reader, [&](std::string_view name) {
    std::string_view key;
    const std::uint8_t* begin = reader.position();
    if (name == "rootKey") {
      if (!read_text(reader, key)) return false;
      root_key_ = key;
    } else if (!(name == "nodes" ? scan_nodes(reader) : reader.skip())) {
      return false;
    }
    if (name == "nodes") nodes_ = {begin, reader.position()};
    return true;
  });
  if (ok) fault_ = fault;
  return ok;
}

bool SnapshotReader::scan_nodes(MsgReader& reader) {
  return for_each_member(reader, [&](std::string_view) {
    std::uint32_t count = 0;
    ++node_count_;
    if (reader.peek() != MsgType::Map) return reader.skip();
    if (!reader.read_map(count)) return false;
    member_count_ += count;
    while (count-- > 0) {
      if (!reader.skip() || !reader.skip()) return false;
    }
    return true;
  });
}

Status SnapshotReader::load_graph() {
  constexpr std::size_t kPerByte = 3;  // values, clocks and names are copied out of the bytes
  const std::size_t tables = history_.graph_.growth(node_count_, member_count_, 0);
  if (!has_memory(tables + kPerByte * nodes_.size())) return fault();
  MsgReader reader(nodes_);
  std::string_view key;
  const bool ok = for_each_member(reader, [&](std::string_view name) {
    key = name;
    return read_node(name, reader);
  });
  if (!ok) {
    fault_ = "graph.nodes: malformed node " + std::string(key.substr(0, 64));
    return fault();
  }
  const NodeId root = root_key_.empty() ? kNone : history_.graph_.find_node(root_key_);
  if (!root_key_.empty() && (root == kNone || !history_.graph_.node(root).exists)) {
    return make_error(ErrorCode::BadSnapshot, "graph.rootKey: names no node");
  }
  history_.graph_.set_root(root);
  history_.dot_root_ = root;
  return {};
}

/// kNone: no memory for a node that was not mentioned before.
NodeId SnapshotReader::node_of(std::string_view key) {
  Graph& graph = history_.graph_;
  const bool is_next = next_node_ < graph.node_count() && graph.key(next_node_) == key;
  if (!is_next && !has_memory(graph.growth(1, 0, key.size()))) return kNone;
  if (!is_next) next_node_ = graph.node_id(key);
  return next_node_++;
}

NameId SnapshotReader::path_of(std::string_view name, std::size_t index) {
  Names& paths = history_.graph_.paths();
  if (index >= paths_.size()) paths_.resize(index + 1, kNoName);
  NameId& likely = paths_[index];
  if (likely == kNoName || !is_same_text(paths.view(likely), name)) likely = paths.intern(name);
  return likely;
}

bool SnapshotReader::read_node(std::string_view key, MsgReader& reader) {
  if (key.empty() || !is_clean_utf8(key)) return false;
  const NodeId id = node_of(key);
  if (no_memory_ || history_.graph_.node(id).exists) return false;
  std::size_t index = 0;
  bool has_envelope = false;
  const bool ok = for_each_member(reader, [&](std::string_view name) {
    ++index;
    if (name == "_crdt" && !std::exchange(has_envelope, true)) return read_envelope(id, reader);
    if (name == "children") return read_children(id, reader);
    if (is_reserved(name)) return name == "key" && reader.skip();
    return is_clean_utf8(name) && read_member(id, path_of(name, index), reader);
  });
  return ok && has_envelope;
}

bool SnapshotReader::read_member(NodeId id, NameId path, MsgReader& reader) {
  Slot& slot = history_.graph_.slot(history_.graph_.slot_id(id, path));
  return !slot.is_present() && read_value(reader, slot.value, kMaxDepth);
}

bool SnapshotReader::read_envelope(NodeId id, MsgReader& reader) {
  double created = 0, updated = 0, deleted_at = 0;
  std::uint64_t lt = 0;
  bool deleted = false, has_clock = false;
  const bool ok = for_each_member(reader, [&](std::string_view name) {
    if (name == "createdAt") return read_double(reader, created);
    if (name == "updatedAt") return read_double(reader, updated);
    if (name == "lamportTime") return read_integer(reader, lt);
    if (name == "clock") return has_clock = read_node_clock(reader);
    if (name == "lww") return read_lww(id, reader);
    if (name != "deletedAt" || reader.peek() == MsgType::Nil) return reader.skip();
    return deleted = read_double(reader, deleted_at);
  });
  if (!ok || !has_clock) return false;
  history_.graph_.load_node(id, created, clock_);
  history_.graph_.touch(id, updated, lt);
  history_.graph_.touch_base(id, updated, lt);
  if (deleted) history_.graph_.set_deleted(id, true, deleted_at);
  history_.graph_.node(id).base_alive = !deleted;
  return true;
}

bool SnapshotReader::read_node_clock(MsgReader& reader) {
  ByteSpan bytes;
  if (!reader.read_raw(bytes)) return false;
  const bool is_known = std::equal(bytes.begin(), bytes.end(), clock_.begin(), clock_.end());
  clock_ = bytes;
  MsgReader entries(bytes);
  return is_known || for_each_member(entries, [&](std::string_view client) {
           std::uint64_t number = 0;
           return is_clean_utf8(client) && read_integer(entries, number);
         });
}

bool SnapshotReader::read_lww(NodeId id, MsgReader& reader) {
  std::size_t index = 0;
  std::uint32_t entries = 0;
  MsgReader ahead = reader;
  if (!ahead.read_map(entries)) return false;
  const std::size_t names = history_.messages_.clients().growth(entries, 0);
  if (!has_memory(history_.graph_.growth(0, entries, 0) + names)) return false;
  return for_each_member(reader, [&](std::string_view path) {
    std::uint64_t lt = 0;
    std::string_view client;
    const bool ok = for_each_member(reader, [&](std::string_view name) {
      if (name == "lt" || name == "lamportTime") return read_integer(reader, lt);
      return name == "client" || name == "sessionId" ? read_text(reader, client) : reader.skip();
    });
    if (!ok || !is_clean_utf8(path)) return false;
    Slot& slot = history_.graph_.slot(history_.graph_.slot_id(id, path_of(path, index++)));
    slot.lww_lt = lt;
    slot.lww_client = history_.messages_.clients().intern(client);
    return true;
  });
}

// ---- the tree

bool SnapshotReader::read_children(NodeId id, MsgReader& reader) {
  ByteSpan list;
  if (reader.peek() != MsgType::Array || !reader.read_raw(list)) return false;
  if (!has_memory(growth_of(lists_, 1))) return false;
  lists_.emplace_back(id, list);
  return for_each_element(list, [](ByteSpan value) {
    std::string_view key;
    return read_text(value, key) && !key.empty();
  });
}

bool SnapshotReader::link(NodeId child, NodeId parent) {
  Graph& graph = history_.graph_;
  if (graph.node(child).parent != kNone || graph.is_below(parent, child)) return false;
  graph.load_parent(child, parent);
  return true;
}

bool SnapshotReader::read_parents(ByteSpan bytes) {
  MsgReader reader(bytes);
  std::string_view last;
  NodeId last_parent = kNone;
  return for_each_member(reader, [&](std::string_view key) {
    std::string_view parent;
    if (key.empty() || !is_clean_utf8(key) || !read_text(reader, parent) || parent.empty())
      return false;
    const NodeId node = node_of(key);
    if (last_parent == kNone || parent != last) last_parent = node_of(parent);
    last = parent;
    return !no_memory_ && link(node, last_parent);
  });
}

/// The published form: parents are read off the children lists; a second parent is dropped.
bool SnapshotReader::link_listed() {
  for (const auto& [parent, list] : lists_) {
    const bool ok = for_each_element(list, [this, parent = parent](ByteSpan value) {
      std::string_view key;
      read_text(value, key);
      const NodeId child = node_of(key);
      if (!no_memory_) (void)link(child, parent);
      return !no_memory_;
    });
    if (!ok) return false;
  }
  return true;
}

/// Puts children under their parents as the lists say, so that each comes behind the one before;
/// those that no list names, wherever they belong.
bool SnapshotReader::list_children() {
  constexpr std::size_t kPerNode = 32;  // a child, while its list grows, and a mark
  Graph& graph = history_.graph_;
  if (!has_memory(kPerNode * graph.node_count())) return false;
  std::vector<bool> is_listed(graph.node_count());
  for (const auto& [parent, list] : lists_) {
    for_each_element(list, [&, parent = parent](ByteSpan value) {
      std::string_view key;
      read_text(value, key);
      const NodeId child = graph.find_node(key);
      if (child == kNone || is_listed[child] || graph.node(child).parent != parent) return true;
      is_listed[child] = true;
      graph.list(child);
      return true;
    });
  }
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (!is_listed[id]) graph.list(id);
  }
  return true;
}

// ---- texts

bool SnapshotReader::read_ropes(ByteSpan bytes) {
  return for_each_field(bytes, [&](std::string_view key, ByteSpan paths) {
    if (key.empty() || !is_clean_utf8(key)) return false;
    const NodeId node = node_of(key);
    return !no_memory_ && for_each_field(paths, [&](std::string_view path, ByteSpan rope) {
      return is_clean_utf8(path) && read_rope_of(node, path, rope);
    });
  });
}

bool SnapshotReader::read_rope_of(NodeId node, std::string_view path, ByteSpan bytes) {
  constexpr std::size_t kPerRope = 16 << 10, kPerItem = 1024, kPerUnit = 16, kPerRange = 512;
  Rope rope;
  if (!has_memory(history_.graph_.growth(0, 1, path.size()) + kPerRope)) return false;
  if (!read_rope(bytes, history_.messages_.clients(), rope)) {
    no_memory_ = no_memory_ || rope.no_memory;
    return false;
  }
  const SlotId slot_id = history_.graph_.slot_id(node, history_.graph_.paths().intern(path));
  const TextId text = history_.texts_.text_of(slot_id);
  history_.texts_.load_begun(text, rope.begun);
  if (!rope.columns.empty() && !read_columns(slot_id, rope.columns)) return false;
  for (const Rope::Item& item : rope.items) {
    dropped_ += item.undone ? item.content.size() : 0;
    const IdRange units{item.first.agent, item.first.n, item.content.size()};
    if (!has_memory(kPerItem + kPerUnit * item.content.size())) return false;
    if (dropped_ > kMaxDroppedUnits || history_.texts_.sequence(text).is_claimed(units))
      return false;
    history_.texts_.sequence(text).insert(
        Insert{item.first, item.anchor, item.seq, item.ts, item.content, item.undone});
  }
  if (!has_memory(kPerRange * rope.removed.size())) return false;
  for (const IdRange& range : rope.removed) history_.texts_.load_removed(text, range);
  Slot& slot = history_.graph_.slot(slot_id);
  const bool shown = rope.knows_shown ? rope.shown
                                      : slot.value.is_string() &&
                                            slot.value.string() == history_.texts_.text(text);
  slot.textual = slot.base_textual = shown && history_.graph_.node(node).exists;
  return true;
}

bool SnapshotReader::read_columns(SlotId slot_id, ByteSpan columns) {
  const Slot& slot = history_.graph_.slot(slot_id);
  Sequence& sequence = history_.texts_.sequence(slot.text);
  std::string_view shown;
  if (slot.value.is_string()) shown = slot.value.string();
  ColumnsReader reader(history_.messages_.clients(), sequence, dropped_in_columns_);
  const bool ok = reader.read(columns, slot.value.is_string() ? &shown : nullptr);
  no_memory_ = no_memory_ || reader.no_memory();
  if (!ok || !has_memory(3 * reader.piece_count() * sizeof(IdRange))) return false;
  history_.texts_.load_covered(slot.text, reader.covered());
  return true;
}

Status History::read_snapshot(ByteSpan bytes) { return SnapshotReader(*this).read(bytes); }

Status History::read_graph(ByteSpan bytes) {
  SnapshotReader reader(*this);
  Status status = reader.read_graph(bytes);
  if (status.ok() && !(reader.link_listed() && reader.list_children()))
    return make_error(ErrorCode::OutOfMemory);
  return status;
}

}  // namespace vuer_rtc
