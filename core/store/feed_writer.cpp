// Records of the change feed.
#include "store/feed_writer.hpp"

#include <cstring>

namespace vuer_rtc {

void FeedWriter::open(FeedKind kind) {
  record_ = out_->size();
  u32(static_cast<std::uint32_t>(kind));
  u32(0);
}

void FeedWriter::close() {
  while (out_->size() % 8 != 0) out_->push_back(0);
  const auto size = static_cast<std::uint32_t>(out_->size() - record_);
  std::memcpy(out_->data() + record_ + 4, &size, 4);
}

void FeedWriter::bytes(const void* data, std::size_t size) {
  const auto* from = static_cast<const std::uint8_t*>(data);
  out_->insert(out_->end(), from, from + size);
}

void FeedWriter::u32(std::uint32_t value) { bytes(&value, 4); }
void FeedWriter::f64(double value) { bytes(&value, 8); }

void FeedWriter::restart() {
  keys_ = paths_ = clients_ = 0;
  known_nodes_.clear();
  known_texts_.clear();
  restarts_ = true;
}

void FeedWriter::define(const Names& names, std::uint32_t& known, FeedKind kind) {
  for (; known < names.size(); ++known) {
    const std::string_view name = names.view(known);
    open(kind);
    u32(known);
    u32(static_cast<std::uint32_t>(name.size()));
    bytes(name.data(), name.size());
    close();
  }
}

void FeedWriter::list_everything(History& history) {
  Graph& graph = history.graph();
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.node(id).exists)
      graph.changes().node(id, graph.node(id), kChangedNode | kChangedChildren);
  }
  graph.changes().root = true;
}

void FeedWriter::write(History& history, Bytes& out) {
  out_ = &out;
  history.tell_pending();
  Graph& graph = history.graph();
  ChangeLog& changes = graph.changes();
  if (restarts_) {
    open(FeedKind::Reset);
    u32(0);
    u32(0);
    close();
    list_everything(history);
    restarts_ = false;
  }
  define(graph.keys(), keys_, FeedKind::DefineKey);
  define(graph.paths(), paths_, FeedKind::DefinePath);
  define(history.messages().clients(), clients_, FeedKind::DefineClient);
  known_nodes_.resize(graph.node_count(), false);
  known_texts_.resize(graph.slot_count(), false);
  for (const NodeId id : changes.feed_nodes) write_node(history, id);
  for (const SlotId id : changes.feed_slots) {
    graph.slot(id).feed_dirty = false;
    if (graph.node(graph.slot(id).node).exists) write_slot(history, id);
  }
  for (const NodeId id : changes.feed_nodes) write_children(graph, id);
  if (changes.root) {
    open(FeedKind::Root);
    u32(graph.root());
    u32(0);
    close();
  }
  for (const MessageEvent& event : history.events()) write_event(event);
  history.events().clear();
  for (const NodeId id : changes.feed_nodes) graph.node(id).changes &= kChangedDigest;
  changes.feed_nodes.clear();
  changes.feed_slots.clear();
  changes.root = false;
}

// ---- nodes

void FeedWriter::write_node(History& history, NodeId id) {
  const Graph& graph = history.graph();
  const Node& node = graph.node(id);
  if (!(node.changes & (kChangedNode | kChangedTouch))) return;
  const bool is_touch = !(node.changes & kChangedNode);
  if (!node.exists && (is_touch || !known_nodes_[id])) return;
  const double created = node.exists ? graph.created_at(node) : 0;
  open(is_touch ? FeedKind::Touch : FeedKind::Node);
  u32(id);
  if (is_touch) {
    u32(0);
  } else {
    u32((node.exists ? 1u : 0u) | (node.deleted ? 2u : 0u));
    f64(created);
  }
  f64(node.touched ? node.updated_at : created);
  f64(static_cast<double>(node.lamport_time));
  if (is_touch) return close();
  f64(node.deleted_at);
  std::uint32_t entries = 0;
  MsgReader clock(node.exists ? graph.clock_of(node) : ByteSpan());
  if (node.exists) clock.read_map(entries);
  u32(entries);
  u32(0);
  for (std::uint32_t i = 0; i < entries; ++i) {
    std::string_view client;
    double number = 0;
    clock.read_string(client);
    clock.read_number(number);
    u32(history.messages().clients().find(client));
    u32(0);
    f64(number);
  }
  close();
  const bool is_new = node.exists && !known_nodes_[id];
  known_nodes_[id] = node.exists;
  if (!is_new) return;
  write_slots_of(history, id);
  history.graph().node(id).changes |= kChangedChildren;  // they may have been there before it was
}

void FeedWriter::write_slots_of(History& history, NodeId id) {
  Graph& graph = history.graph();
  for (SlotId slot = graph.node(id).first_slot; slot != kNone; slot = graph.slot(slot).next) {
    known_texts_[slot] = false;
    graph.changes().slot(slot, graph.slot(slot));
  }
}

void FeedWriter::write_children(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (!(node.changes & kChangedChildren) || !node.exists) return;
  open(FeedKind::Children);
  u32(id);
  u32(static_cast<std::uint32_t>(node.children.size()));
  bytes(node.children.data(), node.children.size() * sizeof(NodeId));
  close();
}

// ---- properties

void FeedWriter::write_slot(History& history, SlotId id) {
  const Slot& slot = history.graph().slot(id);
  const SlotLogs::Entry lww = history.slots().lww(slot);
  if (slot.textual) return write_text(history, id, lww);
  known_texts_[id] = false;
  write_value(slot, lww);
}

void FeedWriter::write_value(const Slot& slot, const SlotLogs::Entry& lww) {
  const Value& value = slot.value;
  const auto kind = value.kind();
  const bool is_block =
      kind == Value::Kind::String || kind == Value::Kind::Array || kind == Value::Kind::Object;
  scratch_.clear();
  if (is_block) value.write_canonical(scratch_);
  open(is_block ? FeedKind::Value : FeedKind::Inline);
  u32(slot.node);
  u32(slot.path);
  u32(lww.client);
  const auto count = static_cast<std::uint32_t>(value.inline_count());
  const std::uint32_t shape =
      kind == Value::Kind::Numbers ? 5 + count : static_cast<std::uint32_t>(kind);
  u32(is_block ? static_cast<std::uint32_t>(scratch_.size()) : shape);
  f64(static_cast<double>(lww.lt));
  if (is_block) {
    bytes(scratch_.data(), scratch_.size());
  } else if (kind == Value::Kind::Number) {
    f64(value.number());
  } else if (kind == Value::Kind::Numbers) {
    bytes(value.inline_numbers(), count * sizeof(double));
  }
  close();
}

void FeedWriter::write_text(History& history, SlotId id, const SlotLogs::Entry& lww) {
  const Slot& slot = history.graph().slot(id);
  Splice splice;
  bool whole = false;
  const bool changed = history.texts().take_splice(slot.text, splice, whole);
  if (!known_texts_[id] && !whole) {
    whole = true;
    splice = Splice{0, 0, {}};
    history.texts().sequence(slot.text).append_units(splice.inserted);
  } else if (!changed) {
    splice = Splice{0, 0, {}};
  }
  known_texts_[id] = true;
  open(FeedKind::Text);
  u32(slot.node);
  u32(slot.path);
  u32(lww.client);
  u32(static_cast<std::uint32_t>(splice.at));
  u32(whole ? kFeedNone : static_cast<std::uint32_t>(splice.removed));
  u32(static_cast<std::uint32_t>(splice.inserted.size()));
  f64(static_cast<double>(lww.lt));
  bytes(splice.inserted.data(), splice.inserted.size() * sizeof(char16_t));
  close();
}

// ---- messages

void FeedWriter::write_event(const MessageEvent& event) {
  const auto size = static_cast<std::uint32_t>(event.id.size());
  if (event.kind == MessageEvent::Kind::Undone) {
    open(FeedKind::Undone);
    u32(event.undone ? 1 : 0);
    u32(size);
    f64(event.number);
  } else if (event.kind == MessageEvent::Kind::Moved) {
    open(FeedKind::Moved);
    f64(event.number);
    u32(size);
    u32(0);
  } else {
    open(FeedKind::Folded);
    f64(event.number);
  }
  bytes(event.id.data(), event.id.size());
  close();
}

}  // namespace vuer_rtc
