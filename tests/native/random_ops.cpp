// Writers of random ops, one per payload of the registry: a new op of a known payload takes part by
// itself.
#include "random_ops.hpp"

#include <string_view>
#include <vector>

#include "tests/replicas/op_kinds.hpp"

namespace vuer_rtc::testing {

using nlohmann::json;

namespace {

constexpr const char* kKeys[] = {"scene", "scene", "a", "a", "b",         "b", "c",
                                 "d",     "e:1",   "é", "😀", "__proto__", "."};
constexpr const char* kStrings[] = {"", "a", "hi", "x y", "é", "e\u0301", "😀", "日本"};
constexpr const char* kTexts[] = {"a", "bc", "hello ", "é", "😀", "日本", "\n", "xyz"};
constexpr const char* kColours[] = {"#ff0000", "0000ff", "#ABCDEF", "#010203", "#fff", "red"};
constexpr double kNumbers[] = {0, 1, -1, 0.1, -0.3, 1.5, -0.0, 1e308, 5e-324, 9007199254740993.0};
constexpr const char* kOrders[] = {"XYZ", "YXZ", "ZXY", "ZYX", "YZX", "XZY"};

const OpKind& kind_of(Random& random, std::initializer_list<std::string_view> families) {
  while (true) {
    const OpKind& kind = random.pick(kOpKinds);
    for (const std::string_view family : families) {
      if (kind.family == family) return kind;
    }
  }
}

double number(Random& random) {
  return random.percent(30) ? random.pick(kNumbers) : random.number();
}

json numbers(Random& random, int count) {
  json list = json::array();
  for (int i = 0; i < count; ++i) list.push_back(number(random));
  return list;
}

json any_value(Random& random, int depth = 2) {
  switch (random.below(depth > 0 ? 7 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return random.percent(50);
    case 2:
      return number(random);
    case 5: {
      json list = json::array();
      for (std::uint32_t i = random.below(4); i > 0; --i)
        list.push_back(any_value(random, depth - 1));
      return list;
    }
    case 6: {
      json object = json::object();
      for (std::uint32_t i = random.below(3); i > 0; --i)
        object[random.pick(kStrings)] = any_value(random, depth - 1);
      return object;
    }
    default:
      return random.pick(kStrings);
  }
}

json object_value(Random& random) {
  json object = json::object();
  for (std::uint32_t i = random.below(3); i > 0; --i)
    object[random.pick(kStrings)] = any_value(random, 1);
  return object;
}

json value_for(Random& random, std::string_view payload) {
  if (payload == "number") return number(random);
  if (payload == "string") return random.pick(kStrings);
  if (payload == "boolean") return random.percent(50);
  if (payload == "numbers3") return numbers(random, 3);
  if (payload == "numbers4") return numbers(random, 4);
  if (payload == "array") return numbers(random, static_cast<int>(random.below(5)));
  if (payload == "object") return object_value(random);
  if (payload == "color") return random.pick(kColours);
  return any_value(random);
}

std::string node_key(Random& random) {
  while (true) {
    const std::string key = random.pick(kKeys);
    if (key != ".") return key;
  }
}

json given_node(Random& random) {
  json value = {{"key", node_key(random)}};
  if (random.percent(30)) value["tag"] = random.percent(50) ? "Box" : "Group";
  if (random.percent(30)) value["name"] = random.pick(kStrings);
  if (random.percent(30)) value["number"] = number(random);
  if (random.percent(30)) value["object"] = object_value(random);
  if (random.percent(20)) value["body"] = "start";
  if (random.percent(20)) value["children"] = {node_key(random), node_key(random)};
  return value;
}

/// The family of an op's name is its path, so that ops of one family meet; sometimes another.
std::string path_for(Random& random, std::string_view name) {
  constexpr const char* kOthers[] = {"body", "name", "tag", "number", "vector3", "label"};
  if (random.percent(12)) return random.pick(kOthers);
  return std::string(name.substr(0, name.find('.')));
}

}  // namespace

std::string random_key(Random& random) { return random.pick(kKeys); }

json scene_op() {
  return {
      {"ot", "node.insert"}, {"key", ""}, {"path", "children"}, {"value", {{"key", kSceneKey}}}};
}

json random_value_op(Random& random) {
  const OpKind& kind = kind_of(random, {"Set", "Value"});
  json op = {{"ot", kind.name}, {"key", random_key(random)}, {"path", path_for(random, kind.name)}};
  if (kind.payload == "move") {
    op["from"] = random.below(4);
    op["to"] = static_cast<int>(random.below(7)) - 2;
    return op;
  }
  op["value"] = value_for(random, kind.payload);
  if (kind.name == "string.concat" && random.percent(40)) op["separator"] = ", ";
  if (kind.name == "color.blend" && random.percent(50)) op["alpha"] = random.below(5) / 4.0;
  if (kind.name == "vector3.applyEuler") op["order"] = random.pick(kOrders);
  if (kind.name == "object.merge" && random.percent(25)) {
    op["path"] = ".";
    op["value"][random.percent(50) ? "number" : "tag"] = number(random);
    op["value"]["body"] = "merged";
  }
  return op;
}

json random_node_op(Random& random) {
  const std::string_view name = kind_of(random, {"Node"}).name;
  const std::string parent = random.percent(10) ? "" : random_key(random);
  json op = {{"ot", name}, {"key", parent}, {"path", "children"}};
  if (name == "node.remove") {
    op["value"] = node_key(random);
  } else if (name == "node.move") {
    op["value"] = {{"nodeKey", node_key(random)}, {"newParent", node_key(random)}};
  } else {
    op["value"] = given_node(random);
  }
  return op;
}

json random_text_op(Random& random) {
  const std::string_view name =
      random.percent(60) ? std::string_view("text.insert") : kind_of(random, {"Text"}).name;
  json op = {
      {"ot", name}, {"key", random_key(random)}, {"path", random.percent(85) ? "body" : "label"}};
  if (name != "text.init") op["position"] = static_cast<int>(random.below(40)) - 1;
  if (name == "text.delete" || name == "text.replace") op["length"] = random.below(5);
  if (name != "text.delete") op["value"] = random.pick(kTexts);
  return op;
}

json random_op(Random& random) {
  const std::uint32_t what = random.below(100);
  if (what < 40) return random_value_op(random);
  return what < 65 ? random_node_op(random) : random_text_op(random);
}

json insert_op(const std::string& id, json anchor, const std::string& content, std::uint64_t seq) {
  return {{"ot", "text.insert"},
          {"key", kSceneKey},
          {"path", "body"},
          {"id", id},
          {"seq", seq},
          {"ts", 3},
          {"value", json::array({std::move(anchor), content})}};
}

json meta_op(std::string_view ot, const std::string& target) {
  return {{"ot", ot}, {"key", "_meta"}, {"path", "_meta"}, {"targetMsgId", target}};
}

json message_of(const std::string& client, std::uint64_t number, std::uint64_t lt, double ts,
                json ops) {
  return {{"id", client + ":" + std::to_string(number)},
          {"client", client},
          {"clock", {{client, number}}},
          {"lt", lt},
          {"ts", ts},
          {"ops", std::move(ops)}};
}

// ---- hostile

namespace {

json deep(int levels) {
  json value = 1;
  for (int i = 0; i < levels; ++i) value = json::array({value});
  return value;
}

std::string unit_id(Random& random, const std::string& client) {
  constexpr const char* kBroken[] = {"x", ":1", "x:01", "x:-1", "", "x:9007199254740992"};
  if (random.percent(4)) return random.pick(kBroken);
  return (random.percent(90) ? client : "x") + ":" + std::to_string(random.below(40));
}

json hostile_text(Random& random, const std::string& client) {
  json op = random_text_op(random);
  op["key"] = random.percent(70) ? kSceneKey : random_key(random);
  op["path"] = "body";
  if (op["ot"] == "text.init") op["ot"] = "text.insert";
  json anchor = random.percent(30) ? json(nullptr) : json(unit_id(random, client));
  if (random.percent(30)) anchor = "x:" + std::to_string(random.below(30));
  op["id"] = unit_id(random, client);
  op["value"] = {anchor, random.percent(80) ? random.pick(kTexts) : ""};
  op["seq"] = random.percent(90) ? json(random.below(4)) : json(1.5);
  op["ts"] = random.percent(90) ? json(random.below(3)) : json("late");
  if (op["ot"] != "text.insert")
    op["rm"] = json::array({json::array({unit_id(random, "x"), random.below(6)})});
  return op;
}

json odd_value(Random& random) {
  static const std::vector<json> kOdd = {nullptr,
                                         true,
                                         "text",
                                         7,
                                         json::array(),
                                         json::object(),
                                         {1, 2},
                                         {"a", 1},
                                         {{"key", ""}},
                                         {{"key", 5}},
                                         {{"nodeKey", "a"}},
                                         deep(63),
                                         deep(64),
                                         deep(65)};
  return kOdd[random.below(static_cast<std::uint32_t>(kOdd.size()))];
}

}  // namespace

json hostile_op(Random& random, const std::string& client) {
  constexpr const char* kNames[] = {"no.such",   "node.explode", "",
                                    "meta.undo", "text.",        "text.init"};
  constexpr const char* kReserved[] = {"key", "children", "_crdt", ".", ""};
  if (random.percent(45)) return hostile_text(random, client);
  if (random.percent(10))
    return {{"ot", random.pick(kNames)}, {"key", "a"}, {"path", "x"}, {"value", odd_value(random)}};
  json op = random_op(random);
  if (random.percent(40)) op["value"] = odd_value(random);
  if (random.percent(15)) op["path"] = random.pick(kReserved);
  if (random.percent(10)) op.erase("path");
  if (random.percent(10)) op["key"] = 5;
  if (random.percent(10)) op.erase("key");
  if (random.percent(10)) op["position"] = 0.5;
  return op;
}

}  // namespace vuer_rtc::testing
