// Reading the change feed, record by record, with every promise of feed.hpp checked.
#include "mirror.hpp"

#include <cstring>
#include <stdexcept>

#include "json_messages.hpp"

namespace vuer_rtc::testing {

using nlohmann::json;

namespace {

void must(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(std::string("feed: ") + what);
}

json number_json(double number) {
  Bytes bytes;
  MsgWriter(bytes).float64(number);
  return json_of(bytes);
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 63));
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  }
}

/// Half a pair shows as U+FFFD.
std::string utf8_of(const std::u16string& units) {
  std::string out;
  for (std::size_t i = 0; i < units.size(); ++i) {
    std::uint32_t code = units[i];
    const bool is_high = code >= 0xd800 && code < 0xdc00;
    if (is_high && i + 1 < units.size() && units[i + 1] >= 0xdc00 && units[i + 1] < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (units[++i] - 0xdc00u);
    } else if (code >= 0xd800 && code < 0xe000) {
      code = 0xfffd;
    }
    append_utf8(out, code);
  }
  return out;
}

}  // namespace

/// The fields of one record, in order.
class Mirror::Record {
 public:
  Record(const std::uint8_t* begin, std::size_t size) : at_(begin), end_(begin + size) {}
  std::uint32_t u32() { return take<std::uint32_t>(); }
  double f64() { return take<double>(); }
  char16_t unit() { return take<char16_t>(); }
  std::string text(std::uint32_t size) {
    must(size <= static_cast<std::size_t>(end_ - at_), "a text runs over its record");
    std::string out(reinterpret_cast<const char*>(at_), size);
    at_ += size;
    return out;
  }
  void end() {
    must(end_ - at_ < 8, "a record is longer than its fields");
    for (; at_ != end_; ++at_) must(*at_ == 0, "padding is not zero");
  }

 private:
  template <class T>
  T take() {
    must(sizeof(T) <= static_cast<std::size_t>(end_ - at_), "a field runs over its record");
    T out;
    std::memcpy(&out, at_, sizeof(T));
    at_ += sizeof(T);
    return out;
  }
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

void Mirror::apply(const Bytes& records) {
  for (std::size_t at = 0; at < records.size();) {
    must(at % 8 == 0 && records.size() - at >= 8, "a record does not start at a multiple of 8");
    std::uint32_t head[2];
    std::memcpy(head, records.data() + at, 8);
    must(head[1] >= 8 && head[1] <= records.size() - at, "a record runs over the buffer");
    Record record(records.data() + at + 8, head[1] - 8);
    apply_one(static_cast<FeedKind>(head[0]), record);
    record.end();
    at += head[1];
  }
}

void Mirror::define(std::map<std::uint32_t, std::string>& names, Record& record) {
  const std::uint32_t number = record.u32();
  const std::uint32_t size = record.u32();
  must(names.emplace(number, record.text(size)).second, "a name is defined twice");
}

void Mirror::forget() {
  ++resets;
  keys_.clear();
  paths_.clear();
  clients_.clear();
  nodes_.clear();
  root_ = kFeedNone;
}

void Mirror::apply_one(FeedKind kind, Record& record) {
  switch (kind) {
    case FeedKind::DefineKey:
      return define(keys_, record);
    case FeedKind::DefinePath:
      return define(paths_, record);
    case FeedKind::DefineClient:
      return define(clients_, record);
    case FeedKind::Inline:
    case FeedKind::Value:
      return set_value(record, kind == FeedKind::Inline);
    case FeedKind::Text:
      return splice_text(record);
    case FeedKind::Node:
      return set_node(record);
    case FeedKind::Touch: {
      Node& node = nodes_.at(record.u32());
      record.u32();
      node.crdt["updatedAt"] = number_json(record.f64());
      node.crdt["lamportTime"] = number_json(record.f64());
      return;
    }
    case FeedKind::Children: {
      Node& node = nodes_.at(record.u32());
      node.children.resize(record.u32());
      for (std::uint32_t& child : node.children) child = record.u32();
      return;
    }
    case FeedKind::Root:
      root_ = record.u32();
      record.u32();
      return;
    case FeedKind::Undone: {
      const bool is_undone = record.u32() == 1;
      const std::uint32_t size = record.u32();
      record.f64();
      undone[record.text(size)] = is_undone;
      return;
    }
    case FeedKind::Moved: {
      const double lt = record.f64();
      const std::uint32_t size = record.u32();
      record.u32();
      moved[record.text(size)] = static_cast<std::uint64_t>(lt);
      return;
    }
    case FeedKind::Folded:
      folded = record.f64();
      return;
    case FeedKind::Reset:
      record.u32();
      record.u32();
      return forget();
  }
  must(false, "an unknown kind of record");
}

void Mirror::set_value(Record& record, bool is_inline) {
  Node& node = nodes_.at(record.u32());
  Property& property = node.properties[record.u32()];
  property.is_text = false;
  property.lww_client = record.u32();
  const std::uint32_t shape = record.u32();
  property.lww_lt = record.f64();
  property.is_present = !is_inline || shape != 0;
  if (!is_inline) {
    const std::string bytes = record.text(shape);
    property.value = json_of(ByteSpan(reinterpret_cast<const std::uint8_t*>(bytes.data()), shape));
  } else if (shape <= 1) {
    property.value = nullptr;
  } else if (shape <= 3) {
    property.value = shape == 3;
  } else if (shape == 4) {
    property.value = number_json(record.f64());
  } else {
    property.value = json::array();
    for (std::uint32_t i = 5; i < shape; ++i) property.value.push_back(number_json(record.f64()));
  }
}

void Mirror::splice_text(Record& record) {
  Node& node = nodes_.at(record.u32());
  Property& property = node.properties[record.u32()];
  property.lww_client = record.u32();
  std::size_t at = record.u32();
  const std::uint32_t removed = record.u32();
  std::u16string inserted(record.u32(), u'\0');
  property.lww_lt = record.f64();
  for (char16_t& unit : inserted) unit = record.unit();
  if (removed == kFeedNone) {
    property.text = inserted;
  } else {
    must(property.is_text, "a splice into what is no text");
    must(at + removed <= property.text.size(), "a splice behind the end");
    property.text.replace(at, removed, inserted);
  }
  property.is_text = property.is_present = true;
}

void Mirror::set_node(Record& record) {
  const std::uint32_t id = record.u32();
  const std::uint32_t flags = record.u32();
  json crdt;
  crdt["createdAt"] = number_json(record.f64());
  crdt["updatedAt"] = number_json(record.f64());
  crdt["lamportTime"] = number_json(record.f64());
  const double deleted_at = record.f64();
  if (flags & 2) crdt["deletedAt"] = number_json(deleted_at);
  crdt["clock"] = json::object();
  std::uint32_t entries = record.u32();
  record.u32();
  for (; entries > 0; --entries) {
    const std::string client = clients_.at(record.u32());
    record.u32();
    crdt["clock"][client] = number_json(record.f64());
  }
  if (flags == 0) {
    must(nodes_.erase(id) == 1, "an unknown node is gone");
  } else {
    nodes_[id].crdt = crdt;
  }
}

json Mirror::graph() const {
  json nodes = json::object();
  for (const auto& [id, node] : nodes_) {
    json shape = {{"key", keys_.at(id)}, {"children", json::array()}, {"_crdt", node.crdt}};
    for (const std::uint32_t child : node.children) shape["children"].push_back(keys_.at(child));
    json lww = json::object();
    for (const auto& [path, property] : node.properties) {
      const std::string& name = paths_.at(path);
      if (property.is_present)
        shape[name] = property.is_text ? json(utf8_of(property.text)) : property.value;
      if (property.lww_client == kFeedNone) continue;
      lww[name] = {{"lt", number_json(property.lww_lt)},
                   {"client", clients_.at(property.lww_client)}};
    }
    shape["_crdt"]["lww"] = lww;
    nodes[keys_.at(id)] = shape;
  }
  const std::string root = root_ == kFeedNone ? "" : keys_.at(root_);
  return {
      {"nodes", nodes}, {"rootKey", root}, {"lww", json::object()}, {"tombstones", json::object()}};
}

}  // namespace vuer_rtc::testing
