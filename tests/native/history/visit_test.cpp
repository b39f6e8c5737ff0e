// From an op to what it acts on: "." and its node, members of a merge, reserved paths, undo, and
// what a message touches.
#include <algorithm>

#include "history/parts.hpp"
#include "random_history.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json dot(const char* ot, const char* path, json value) {
  return {{"ot", ot}, {"key", "."}, {"path", path}, {"value", std::move(value)}};
}

struct Scene : Written {
  std::uint64_t numbers = 0;

  MessageIndex at(std::uint64_t lt, const json& op) {
    const MessageIndex index =
        take(message_of("a", ++numbers, lt, 100.0 + static_cast<double>(lt), json::array({op})));
    history.check();
    return index;
  }
};

}  // namespace

TEST_CASE("visit_takes_a_dot_to_the_root_of_its_place") {
  Scene scene;
  scene.at(1, dot("number.add", "p", 1));
  scene.at(5, node_op("node.insert", "", {{"key", "late"}}));
  scene.at(6, dot("number.add", "p", 10));
  CHECK(scene.node("late")["p"] == 10);
  scene.at(3, node_op("node.insert", "", {{"key", "early"}}));
  CHECK(scene.graph()["rootKey"] == "early");
  CHECK(scene.node("early")["p"] == 10);
  CHECK_FALSE(scene.node("late").contains("p"));
  scene.at(4, dot("number.add", "p", 100));
  CHECK(scene.node("early")["p"] == 110);
  const json type = {{"ot", "text.insert"}, {"path", "t"}, {"position", 0}, {"value", "x"}};
  scene.at(7, type);
  CHECK(scene.node("early")["t"] == "x");
  scene.at(2, node_op("node.insert", "", {{"key", "earliest"}}));
  CHECK(scene.node("earliest")["p"] == 110);
  CHECK(scene.node("earliest")["t"] == "x");
  CHECK(scene.texts() == json{{"earliest", {{"t", "x"}}}});
  CHECK_FALSE(scene.node("early").contains("t"));
}

TEST_CASE("visit_leaves_reserved_paths_and_unknown_ops_alone_and_goes_on") {
  Scene scene;
  scene.at(1, node_op("node.insert", "", {{"key", "n"}}));
  const json before = scene.graph();
  json ops = json::array();
  for (const char* path : {"key", "children", "_crdt"}) ops.push_back(op_on("number.set", path, 5));
  ops.push_back(op_on("no.such", "p", 5));
  ops.push_back(op_on("vector3.set", "p", 5));
  ops.push_back({{"ot", "number.set"}, {"key", "n"}, {"value", 5}});
  ops.push_back({{"ot", "number.set"}, {"key", ""}, {"path", "p"}, {"value", 5}});
  ops.push_back({{"ot", "number.set"}, {"key", 5}, {"path", "p"}, {"value", 5}});
  scene.take(message_of("b", 1, 2, 500, ops));
  CHECK(scene.graph() == before);  // nothing touched either
  ops.push_back(op_on("number.set", "p", 6));
  scene.take(message_of("b", 2, 3, 600, ops));
  CHECK(scene.node("n")["p"] == 6);
  CHECK(scene.node("n")["_crdt"]["updatedAt"] == 600);
  CHECK(scene.node("n")["_crdt"]["lamportTime"] == 3);
}

TEST_CASE("visit_spreads_a_merge_into_the_node_over_its_properties") {
  Scene scene;
  scene.at(1, node_op("node.insert", "", {{"key", "n"}, {"tag", "Box"}, {"o", {{"x", 1}}}}));
  const MessageIndex merge = scene.at(2, op_on("object.merge", ".",
                                               {{"a", 1},
                                                {"o", {{"y", 2}}},
                                                {"key", "m"},
                                                {"tag", "T"},
                                                {"children", json::array({"z"})},
                                                {"_crdt", 5},
                                                {"name", "N"}}));
  const json node = scene.node("n");
  CHECK(node["a"] == 1);
  CHECK(node["o"] == json{{"y", 2}});
  CHECK(node["name"] == "N");
  CHECK(node["tag"] == "Box");
  CHECK(node["key"] == "n");
  CHECK(node["children"] == json::array());
  CHECK(node["_crdt"]["lww"] == json::object());
  scene.history.remove(merge);
  scene.history.check();
  CHECK(scene.node("n")["o"] == json{{"x", 1}});
  CHECK_FALSE(scene.node("n").contains("a"));
}

TEST_CASE("visit_undoes_a_target_that_comes_later_and_all_its_ops") {
  Scene scene;
  scene.at(9, meta_op("meta.undo", "t:1"));
  scene.at(1, node_op("node.insert", "", {{"key", "n"}}));
  const json before = scene.node("n");
  const json text = {
      {"ot", "text.insert"}, {"key", "n"}, {"path", "t"}, {"position", 0}, {"value", "x"}};
  scene.take(message_of(
      "t", 1, 5, 105,
      json::array({op_on("number.set", "p", 1), text, node_op("node.insert", "n", {{"key", "m"}}),
                   op_on("object.merge", ".", {{"q", 1}})})));
  json after = scene.node("n");
  CHECK(after["_crdt"]["updatedAt"] == 105);  // undone messages touch as well
  after["_crdt"] = before["_crdt"];
  CHECK(after == before);
  CHECK_FALSE(scene.graph()["nodes"].contains("m"));
  scene.at(10, meta_op("meta.redo", "t:1"));
  after = scene.node("n");
  CHECK(after["p"] == 1);
  CHECK(after["t"] == "x");
  CHECK(after["q"] == 1);
  CHECK(after["children"] == json::array({"m"}));
  scene.at(11, meta_op("meta.undo", "a:4"));  // holds a meta op: stays in force
  CHECK(scene.node("n")["p"] == 1);
}

TEST_CASE("visit_forgets_what_an_op_touched_once_it_is_invalid_or_gone") {
  Scene scene;
  scene.at(1, node_op("node.insert", "", {{"key", "n"}}));
  const MessageIndex set = scene.at(8, op_on("number.set", "p", 1));
  CHECK(scene.node("n")["_crdt"]["lamportTime"] == 8);
  scene.history.remove(set);
  CHECK(scene.node("n")["_crdt"]["lamportTime"] == 1);
  CHECK(scene.node("n")["_crdt"]["updatedAt"] == 101);
  const json claim = insert_on("a:0", nullptr, "x");
  scene.at(7, claim);
  CHECK(scene.node("n")["_crdt"]["lamportTime"] == 7);
  scene.at(3, claim);
  CHECK(scene.node("n")["_crdt"]["lamportTime"] == 3);  // the later claim is invalid now
}

TEST_CASE("visit_finds_the_same_homes_whatever_the_arrival") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    std::vector<json> messages;
    constexpr const char* kKeys[] = {"a", "b", "c"};
    for (std::uint64_t lt = 1; lt <= 14; ++lt) {
      json op = dot("number.add", "p", static_cast<int>(lt));
      if (random.percent(30)) op = node_op("node.insert", "", {{"key", random.pick(kKeys)}});
      if (random.percent(15))
        op = meta_op("meta.undo", "w:" + std::to_string(1 + random.below(14)));
      if (random.percent(15)) op = dot("object.merge", ".", {{"q", lt}});
      if (random.percent(15)) {
        op = random_text_op(random);
        op["key"] = ".";
      }
      messages.push_back(message_of("w", lt, lt, 100, json::array({op})));
    }
    Written in_order;
    for (const json& message : messages) in_order.take(message);
    for (int round = 0; round < 4; ++round) {
      shuffle(random, messages);
      Written shuffled;
      for (const json& message : messages) {
        shuffled.take(message);
        shuffled.history.check();
      }
      require_same(in_order, shuffled);
    }
  }
}
