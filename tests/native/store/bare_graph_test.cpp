// Bare graphs: ops act in the order given, sets compare with lww, nothing is remembered of
// messages.
#include <catch2/catch.hpp>
#include <vector>

#include "mirror.hpp"
#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

void apply(BareGraph& graph, std::uint64_t lt, const std::string& client,
           const std::vector<json>& ops) {
  const json list(ops);  // not {op}: compilers differ in whether that is an array of one
  const Status status = graph.apply(msgpack_of(message_of(client, lt, lt, 100.0 + lt, list)));
  if (!status.ok()) FAIL(status.error().text);
}

json node_of(BareGraph& graph, const char* key) {
  return json_of(ByteSpan(graph.graph()))["nodes"][key];
}

}  // namespace

TEST_CASE("bare_graph_applies_values_in_the_order_given") {
  BareGraph graph;
  apply(graph, 1, "a", {scene_op()});
  apply(graph, 9, "a", {op_of("number.add", "n", 5)});
  apply(graph, 2, "a", {op_of("number.multiply", "n", 3)});
  CHECK(node_of(graph, "scene")["n"] == 15);
  apply(graph, 2, "a", {op_of("number.multiply", "n", 3)});
  CHECK(node_of(graph, "scene")["n"] == 45);
}

TEST_CASE("bare_graph_sets_compare_with_the_last_writer") {
  BareGraph graph;
  apply(graph, 1, "a", {scene_op()});
  apply(graph, 5, "b", {op_of("number.set", "n", 1)});
  apply(graph, 4, "z", {op_of("number.set", "n", 2)});
  CHECK(node_of(graph, "scene")["n"] == 1);
  apply(graph, 5, "a", {op_of("number.set", "n", 3)});
  CHECK(node_of(graph, "scene")["n"] == 1);
  apply(graph, 5, "c", {op_of("number.set", "n", 4)});
  CHECK(node_of(graph, "scene")["n"] == 4);
  apply(graph, 5, "c", {op_of("number.set", "n", 5)});
  CHECK(node_of(graph, "scene")["n"] == 5);
  const json lww = {{"lt", 5}, {"client", "c"}};
  CHECK(node_of(graph, "scene")["_crdt"]["lww"]["n"] == lww);
}

TEST_CASE("bare_graph_moves_removes_and_revives_nodes") {
  BareGraph graph;
  const json a = {
      {"ot", "node.insert"}, {"key", "scene"}, {"path", "children"}, {"value", {{"key", "a"}}}};
  apply(graph, 1, "x", {scene_op(), a});
  CHECK(node_of(graph, "scene")["children"] == json{"a"});
  apply(graph, 2, "x",
        {{{"ot", "node.remove"}, {"key", "scene"}, {"path", "children"}, {"value", "a"}}});
  CHECK(node_of(graph, "scene")["children"] == json::array());
  CHECK(node_of(graph, "a")["_crdt"]["deletedAt"] == 102);
  apply(graph, 3, "x", {{{"ot", "number.set"}, {"key", "a"}, {"path", "n"}, {"value", 1}}});
  CHECK(!node_of(graph, "a").contains("n"));
  apply(graph, 4, "x",
        {{{"ot", "node.upsert"},
          {"key", "scene"},
          {"path", "children"},
          {"value", {{"key", "a"}, {"n", 2}}}}});
  CHECK(node_of(graph, "scene")["children"] == json{"a"});
  CHECK(node_of(graph, "a")["n"] == 2);
  CHECK(!node_of(graph, "a")["_crdt"].contains("deletedAt"));
}

TEST_CASE("bare_graph_keeps_a_text_between_messages") {
  BareGraph graph;
  apply(graph, 1, "x", {scene_op()});
  json insert = op_of("text.insert", "body", "hello");
  insert["position"] = 0;
  apply(graph, 2, "x", {insert});
  insert["position"] = 5;
  insert["value"] = " you";
  apply(graph, 3, "x", {insert});
  CHECK(node_of(graph, "scene")["body"] == "hello you");
}

TEST_CASE("bare_graph_goes_on_from_a_loaded_value") {
  BareGraph first;
  apply(first, 1, "x", {scene_op(), op_of("number.set", "n", 3)});
  BareGraph second;
  REQUIRE(second.load(first.graph()).ok());
  CHECK(json_of(second.graph()) == json_of(first.graph()));
  apply(second, 2, "x", {op_of("number.add", "n", 4)});
  CHECK(node_of(second, "scene")["n"] == 7);
  apply(second, 0, "x", {op_of("number.set", "n", 9)});
  CHECK(node_of(second, "scene")["n"] == 7);
  for (const char* bad : {"[]", "{}", R"({"nodes":5,"rootKey":""})", R"({"nodes":{"a":5}})"}) {
    INFO(bad);
    const Status status = second.load(msgpack_of(parse_json(bad)));
    if (!status.ok()) CHECK(status.error().code == ErrorCode::BadSnapshot);
    if (!status.ok()) CHECK(node_of(second, "scene")["n"] == 7);
  }
}

TEST_CASE("bare_graph_equals_the_document_while_messages_come_in_order_and_its_feed_tells_all") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    BareGraph graph;
    Document document;
    Mirror mirror;
    for (std::uint64_t lt = 1; lt <= 60; ++lt) {
      json ops = json::array();
      for (std::uint32_t i = random.below(4); i > 0; --i)
        ops.push_back(random.percent(15) ? hostile_op(random, "h") : random_op(random));
      if (lt == 1) ops = json::array({scene_op()});
      const Bytes message = msgpack_of(message_of("h", lt, lt, 100.0 + random.below(50), ops));
      REQUIRE(graph.apply(message).ok());
      REQUIRE(document.receive(ByteSpan(message)).ok());
      mirror.apply(graph.take_changes());
      const json now = json_of(graph.graph());
      const json difference = json::diff(mirror.graph(), now);
      if (!difference.empty()) FAIL("lt " << lt << " mirror: " << difference.dump(1));
      const json other = json::diff(now, json_of(document.graph()));
      if (!other.empty()) FAIL("lt " << lt << " document: " << other.dump(1));
    }
    document.check();
  }
}
