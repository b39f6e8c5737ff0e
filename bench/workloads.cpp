// Generators of scenes, ops and texts.
#include "workloads.hpp"

#include <cstdio>
#include <cstring>

namespace bench {

using vuer_rtc::Bytes;
using vuer_rtc::MsgWriter;

std::uint64_t Random::next() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

std::string node_key(std::uint32_t node) { return "node-" + std::to_string(node); }

std::vector<VectorOp> vector_ops(std::uint32_t nodes, std::uint32_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<VectorOp> ops(count);
  for (VectorOp& op : ops) {
    op.node = random.below(nodes);
    op.is_set = random.below(2) == 0;
    for (double& number : op.value) number = random.real();
  }
  return ops;
}

Bytes vector_op(const VectorOp& op) {
  Bytes out;
  MsgWriter writer(out);
  writer.map(4);
  writer.string("ot");
  writer.string(op.is_set ? "vector3.set" : "vector3.add");
  writer.string("key");
  writer.string(node_key(op.node));
  writer.string("path");
  writer.string("position");
  writer.string("value");
  writer.array(3);
  for (const double number : op.value) writer.number(number);
  return out;
}

Bytes text_op(const Edit& edit) {
  Bytes out;
  MsgWriter writer(out);
  const bool removes = edit.removed > 0, inserts = !edit.inserted.empty();
  writer.map(4u + (removes ? 1 : 0) + (inserts ? 1 : 0));
  writer.string("ot");
  writer.string(removes ? inserts ? "text.replace" : "text.delete" : "text.insert");
  writer.string("key");
  writer.string(node_key(0));
  writer.string("path");
  writer.string("text");
  writer.string("position");
  writer.number(edit.position);
  if (removes) {
    writer.string("length");
    writer.number(edit.removed);
  }
  if (inserts) {
    writer.string("value");
    writer.string(edit.inserted);
  }
  return out;
}

void Author::say(const std::vector<Bytes>& ops, Bytes& out, std::uint64_t at) {
  vuer_rtc::Message message;
  message.lt = at != 0 ? at : ++lt_;
  message.client = client_;
  char number[24];
  std::snprintf(number, sizeof number, ":%09llu", static_cast<unsigned long long>(++number_));
  message.id = client_ + number;
  message.ts = 1.7e12 + static_cast<double>(message.lt);
  message.clock.emplace_back(client_, number_);
  MsgWriter writer(message.ops);
  writer.array(static_cast<std::uint32_t>(ops.size()));
  for (const Bytes& op : ops) writer.raw(op);
  encode_message(message, out);
}

namespace {

Bytes insert_node(std::string_view parent, std::string_view key, std::uint32_t properties,
                  Random& random) {
  Bytes out;
  MsgWriter writer(out);
  writer.map(4);
  writer.string("ot");
  writer.string("node.insert");
  writer.string("key");
  writer.string(parent);
  writer.string("path");
  writer.string("children");
  writer.string("value");
  writer.map(2 + properties);
  writer.string("key");
  writer.string(key);
  writer.string("tag");
  writer.string("mesh");
  for (std::uint32_t i = 0; i < properties; ++i) {
    writer.string("property" + std::to_string(i));
    writer.array(3);
    for (int part = 0; part < 3; ++part) writer.number(random.real());
  }
  return out;
}

}  // namespace

void make_scene(Author& author, std::uint32_t nodes, std::uint32_t properties, Bytes& out) {
  Random random(nodes);
  author.say({insert_node("", "root", 0, random)}, out);
  constexpr std::uint32_t kTogether = 100;
  std::vector<Bytes> ops;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    ops.push_back(insert_node("root", node_key(node), properties, random));
    if (ops.size() < kTogether && node + 1 < nodes) continue;
    author.say(ops, out);
    ops.clear();
  }
}

Trace make_trace(std::uint32_t edits, std::uint64_t seed) {
  constexpr char kLetters[] = "etaoinshrdlu etaoin shr dlu, wm fgypb. vk";
  Random random(seed);
  Trace trace;
  std::uint32_t at = 0, left = 0;
  bool deletes = false;
  const auto letter = [&] { return kLetters[random.below(sizeof kLetters - 1)]; };
  while (trace.edits.size() < edits) {
    const auto size = static_cast<std::uint32_t>(trace.end.size());
    if (left == 0) {
      left = 1 + random.below(40);
      deletes = random.below(4) == 0;
      if (deletes) left = 1 + random.below(12);
      if (random.below(3) == 0) {
        const std::uint32_t reach = random.below(4) == 0 ? size : 400;
        const std::uint32_t low = at > reach ? at - reach : 0;
        const std::uint32_t high = at + reach < size ? at + reach : size;
        at = low + random.below(high - low + 1);
      }
    }
    --left;
    Edit edit;
    if (deletes && at > 0) {
      edit.position = --at;
      edit.removed = 1;
      trace.end.erase(at, 1);
    } else {
      const std::uint32_t length = random.below(2000) == 0 ? 80 : 1;
      for (std::uint32_t i = 0; i < length; ++i) edit.inserted += letter();
      edit.position = at;
      trace.end.insert(at, edit.inserted);
      at += length;
    }
    trace.edits.push_back(std::move(edit));
  }
  return trace;
}

bool read_trace(const char* name, Trace& out) {
  std::FILE* file = std::fopen(name, "rb");
  if (file == nullptr) return false;
  Bytes bytes;
  std::uint8_t part[1 << 16];
  for (std::size_t got; (got = std::fread(part, 1, sizeof part, file)) > 0;) {
    bytes.insert(bytes.end(), part, part + got);
  }
  std::fclose(file);
  vuer_rtc::MsgReader reader{vuer_rtc::ByteSpan(bytes)};
  std::uint32_t parts = 0, edits = 0;
  std::string_view text;
  if (!reader.read_array(parts) || parts != 2 || !reader.read_string(text)) return false;
  out.end = text;
  if (!reader.read_array(edits)) return false;
  while (edits-- > 0) {
    double position = 0, removed = 0;
    if (!reader.read_array(parts) || parts != 3 || !reader.read_number(position) ||
        !reader.read_number(removed) || !reader.read_string(text)) {
      return false;
    }
    out.edits.push_back(Edit{static_cast<std::uint32_t>(position),
                             static_cast<std::uint32_t>(removed), std::string(text)});
  }
  return true;
}

}  // namespace bench
