// Older node ops: the node stood in `key`, its parent in a field of its own.
#include "model/older_shapes.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/sort.hpp"

namespace vuer_rtc {

namespace {

using Member = std::pair<std::string_view, Bytes>;

Bytes canonical_string(std::string_view text) {
  Bytes out;
  MsgWriter(out).string(text);
  return out;
}

Value object_of(std::vector<Member> members) {
  sort_range(members.begin(), members.end(),
             [](const Member& a, const Member& b) { return a.first < b.first; });
  Bytes out;
  MsgWriter writer(out);
  writer.map(static_cast<std::uint32_t>(members.size()));
  for (const auto& [name, value] : members) {
    writer.string(name);
    writer.raw(value);
  }
  return Value::from_canonical(out);
}

bool text_field(const Operation& op, std::string_view name, std::string_view& out) {
  MsgReader reader(operation_field(op, name));
  return reader.peek() == MsgType::String && reader.read_string(out);
}

void adopt_insert(Operation& op) {
  std::string_view parent, tag;
  std::vector<Member> members{{"key", canonical_string(op.key)}};
  bool has_tag = false;
  if (op.value.is_object()) {
    Members given(op.value.canonical());
    while (given.next()) {
      if (given.key() == "key") continue;
      has_tag = has_tag || given.key() == "tag";
      members.emplace_back(given.key(), Bytes(given.bytes().begin(), given.bytes().end()));
    }
  }
  if (!has_tag && text_field(op, "tag", tag)) members.emplace_back("tag", canonical_string(tag));
  const bool has_parent = text_field(op, "parent", parent) || text_field(op, "parentKey", parent);
  op.value = object_of(std::move(members));
  op.value_valid = true;
  op.key = parent;
  op.has_key = has_parent;
  op.key_is_root = !has_parent || parent == ".";
}

}  // namespace

void adopt_older_shape(Operation& op) {
  if (!op.has_key || op.key.empty() || !op.has_path || op.path == "children") return;
  std::string_view parent;
  switch (op.kind) {
    case OpKind::NodeInsert:
    case OpKind::NodeUpsert:
    case OpKind::NodeInset:
      if (op.path != op.key && !op.path.empty()) return;
      if (!op.has_value || (op.value_valid && op.value.is_object())) adopt_insert(op);
      return;
    case OpKind::NodeRemove:
      if (op.has_value || !op.path.empty()) return;
      op.value = Value::string(op.key);
      op.value_valid = true;
      return;
    case OpKind::NodeMove:
      if (op.has_value || !text_field(op, "to", parent)) return;
      op.value = object_of(
          {{"nodeKey", canonical_string(op.key)}, {"newParent", canonical_string(parent)}});
      op.value_valid = true;
      return;
    default:
      return;
  }
}

}  // namespace vuer_rtc
