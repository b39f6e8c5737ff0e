// Ops in MessagePack, scenes, and messages with and without a store.
#include "ops.hpp"

#include <cstdio>

#include "measure.hpp"

namespace bench {

using vuer_rtc::MsgWriter;

namespace {

/// A map of `fields` entries that begins with ot, key and path.
MsgWriter begin_op(Bytes& out, std::uint32_t fields, std::string_view ot, std::string_view key,
                   std::string_view path) {
  MsgWriter writer(out);
  writer.map(fields);
  writer.string("ot");
  writer.string(ot);
  writer.string("key");
  writer.string(key);
  writer.string("path");
  writer.string(path);
  return writer;
}

Bytes insert_node(std::string_view parent, const std::string& key, std::string_view tag,
                  std::uint32_t properties, const std::function<void(MsgWriter&)>& fill) {
  Bytes out;
  MsgWriter writer = begin_op(out, 4, "node.insert", parent, "children");
  writer.string("value");
  writer.map(2 + properties);
  writer.string("key");
  writer.string(key);
  writer.string("tag");
  writer.string(tag);
  fill(writer);
  return out;
}

Bytes edit_op(double position, double removed, const std::string& inserted) {
  const bool removes = removed > 0, inserts = !inserted.empty();
  const char* ot = removes ? (inserts ? "text.replace" : "text.delete") : "text.insert";
  Bytes out;
  MsgWriter writer = begin_op(out, 4u + (removes && inserts ? 2 : 1), ot, node_key(0), kTextPath);
  writer.string("position");
  writer.number(position);
  if (removes) {
    writer.string("length");
    writer.number(removed);
  }
  if (inserts) {
    writer.string("value");
    writer.string(inserted);
  }
  return out;
}

}  // namespace

std::string node_key(std::uint32_t node) { return std::string("node-") += std::to_string(node); }
std::string property_path(std::uint32_t number) {
  return std::string("p") += std::to_string(number);
}

std::vector<Bytes> set_ops(const Sets& data) {
  std::vector<Bytes> ops(data.node.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    MsgWriter writer = begin_op(ops[i], 4, "vector3.set", node_key(data.node[i]), "position");
    writer.string("value");
    writer.array(3);
    for (int axis = 0; axis < 3; ++axis) writer.number(data.values[3 * i + axis]);
  }
  return ops;
}

std::vector<Bytes> edit_ops(const Text& data) {
  std::vector<Bytes> ops;
  for (std::size_t i = 0; i < data.position.size(); ++i) {
    ops.push_back(edit_op(data.position[i], data.removed[i], data.inserted[i]));
  }
  return ops;
}

std::vector<Bytes> move_ops(const Moves& data) {
  std::vector<Bytes> ops(data.node.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    MsgWriter writer = begin_op(ops[i], 4, "node.move", "root", "children");
    writer.string("value");
    writer.map(2);
    writer.string("nodeKey");
    writer.string(node_key(data.node[i]));
    writer.string("newParent");
    writer.string(node_key(data.parent[i]));
  }
  return ops;
}

Bytes scene(std::uint32_t nodes, std::uint32_t properties, const Values& value) {
  constexpr std::uint32_t kTogether = 100;
  vuer_rtc::Store author("scene");
  Bytes out;
  const Bytes root = insert_node("", "root", "scene", 0, [](MsgWriter&) {});
  commit(author, &root, &root + 1, &out);
  std::vector<Bytes> ops;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    ops.push_back(insert_node("root", node_key(node), "mesh", properties, [&](MsgWriter& writer) {
      for (std::uint32_t i = 0; i < properties; ++i) value(writer, node, i);
    }));
    if (ops.size() < kTogether && node + 1 < nodes) continue;
    commit(author, ops.data(), ops.data() + ops.size(), &out);
    ops.clear();
  }
  return out;
}

Bytes bare_scene(std::uint32_t nodes) {
  return scene(nodes, 0, [](MsgWriter&, std::uint32_t, std::uint32_t) {});
}

Bytes large_scene(const Large& data) {
  return scene(data.nodes, data.properties,
               [&](MsgWriter& writer, std::uint32_t node, std::uint32_t number) {
                 writer.string(property_path(number));
                 writer.number(data.values[std::size_t{node} * data.properties + number]);
               });
}

std::size_t commit(vuer_rtc::Store& store, const Bytes* begin, const Bytes* end, Bytes* out) {
  for (const Bytes* op = begin; op != end; ++op) check(store.edit(*op, kTime).ok(), "an edit");
  const auto sent = store.commit(kTime);
  check(sent.ok() && !sent->empty(), "a commit");
  if (out != nullptr) out->insert(out->end(), sent->begin(), sent->end());
  return sent->size();
}

Bytes message_at(const std::string& client, std::uint64_t number, std::uint64_t lt,
                 const Bytes& op) {
  vuer_rtc::Message message;
  message.id = client + ":" + std::to_string(number);
  message.client = client;
  message.lt = lt;
  message.ts = kTime;
  message.clock.emplace_back(client, number);
  MsgWriter writer(message.ops);
  writer.array(1);
  writer.raw(op);
  Bytes out;
  encode_message(message, out);
  return out;
}

}  // namespace bench
