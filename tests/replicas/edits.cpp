// Random ops: one writer per payload of the registry, so that a new op of a known payload takes
// part by itself.
#include "replicas/edits.hpp"

#include <string>
#include <string_view>

#include "replicas/op_kinds.hpp"

namespace vuer_rtc::testing {
namespace {

constexpr const char* kKeys[] = {"scene", "a", "b", "c", "d", "e:1", "é", "😀", "__proto__"};
constexpr const char* kTexts[] = {"a", "bc", "hello ", "é", "😀", "日本", "\n", "xyz"};
constexpr const char* kStrings[] = {"", "a", "hi", "x y", "é", "日本"};
constexpr const char* kColours[] = {"#ff0000", "0000ff", "#ABCDEF", "#010203"};

void write_numbers(MsgWriter& out, Random& random, std::uint32_t count) {
  out.array(count);
  for (std::uint32_t i = 0; i < count; i++) out.number(random.number());
}

void write_any(MsgWriter& out, Random& random) {
  switch (random.below(5)) {
    case 0:
      return out.number(random.number());
    case 1:
      return out.string(random.pick(kStrings));
    case 2:
      return out.boolean(random.percent(50));
    case 3:
      return out.nil();
    default:
      return write_numbers(out, random, random.below(3));
  }
}

void write_object(MsgWriter& out, Random& random) {
  out.map(1);
  out.string(random.pick(kStrings));
  write_any(out, random);
}

void write_node(MsgWriter& out, Random& random) {
  bool listed = random.percent(15);
  out.map(listed ? 4 : 3);
  out.string("key");
  out.string(random.pick(kKeys));
  out.string("x");
  out.number(random.number());
  out.string("meta");
  write_object(out, random);
  if (!listed) return;
  out.string("children");
  out.array(1);
  out.string(random.pick(kKeys));
}

void write_move(MsgWriter& out, Random& random) {
  out.map(2);
  out.string("nodeKey");
  out.string(random.pick(kKeys));
  out.string("newParent");
  out.string(random.pick(kKeys));
}

void write_value(MsgWriter& out, Random& random, std::string_view payload) {
  if (payload == "number") return out.number(random.number());
  if (payload == "string") return out.string(random.pick(kStrings));
  if (payload == "boolean") return out.boolean(random.percent(50));
  if (payload == "numbers3" || payload == "array") return write_numbers(out, random, 3);
  if (payload == "numbers4") return write_numbers(out, random, 4);
  if (payload == "object") return write_object(out, random);
  if (payload == "color") return out.string(random.pick(kColours));
  if (payload == "node") return write_node(out, random);
  if (payload == "key") return out.string(random.pick(kKeys));
  if (payload == "nodemove") return write_move(out, random);
  write_any(out, random);
}

void write_head(MsgWriter& out, Random& random, std::string_view name, const std::string& path) {
  out.string("ot");
  out.string(name);
  out.string("key");
  out.string(random.pick(kKeys));
  out.string("path");
  out.string(path);
}

void write_text_op(MsgWriter& out, Random& random, std::string_view name) {
  bool remove = name == "text.delete", init = name == "text.init";
  out.map(init ? 4 : 6);
  write_head(out, random, name, random.percent(80) ? "body" : "note");
  out.string("value");
  if (remove)
    out.nil();
  else
    out.string(random.pick(kTexts));
  if (init) return;
  out.string("position");
  out.number(random.below(400));
  out.string("length");
  out.number(random.below(remove ? 5 : 3));
}

/// The family of an op's name is its path too: number.add goes to "number", so that ops of one
/// family meet. Now and then another path, so that types clash and texts are overwritten.
std::string path_of(std::string_view name, Random& random) {
  if (name == "object.merge" && random.percent(20)) return ".";
  if (random.percent(3)) return random.percent(50) ? "note" : "vector3";
  return std::string(name.substr(0, name.find('.')));
}

bool takes_part(const OpKind& kind, bool trig) {
  return kind.payload != "meta" && (trig || kind.name != "vector3.applyEuler");
}

/// Kinds by weight: text more often than its four rows, text.init and removals of nodes less often.
const OpKind& pick_kind(Random& random, bool trig) {
  while (true) {
    const OpKind& kind = random.pick(kOpKinds);
    if (!takes_part(kind, trig)) continue;
    bool text = kind.payload == "text";
    if (!text && random.percent(30)) continue;
    if ((kind.name == "text.init" || kind.name == "node.remove") && random.percent(80)) continue;
    return kind;
  }
}

}  // namespace

Bytes random_op(Random& random, bool trig) {
  const OpKind& kind = pick_kind(random, trig);
  Bytes bytes;
  MsgWriter out(bytes);
  if (kind.payload == "text") {
    write_text_op(out, random, kind.name);
    return bytes;
  }
  bool is_move = kind.payload == "move";
  out.map(is_move ? 5 : 4);
  write_head(out, random, kind.name, path_of(kind.name, random));
  if (is_move) {
    out.string("from");
    out.number(random.below(4));
    out.string("to");
    out.number(random.below(4));
    return bytes;
  }
  out.string("value");
  write_value(out, random, kind.payload);
  return bytes;
}

Bytes root_op() {
  Bytes bytes;
  MsgWriter out(bytes);
  out.map(4);
  out.string("ot");
  out.string("node.insert");
  out.string("key");
  out.string("");
  out.string("path");
  out.string("children");
  out.string("value");
  out.map(1);
  out.string("key");
  out.string("scene");
  return bytes;
}

}  // namespace vuer_rtc::testing
