// The edit buffer alone: what is combined, what nothing may move across, and that a bare graph ends
// the same with the combined ops as with all of them.
#include "store/edit_buffer.hpp"

#include <catch2/catch.hpp>

#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

EditBuffer::Change put(EditBuffer& buffer, const json& op) {
  const Bytes bytes = msgpack_of(op);
  MsgReader reader{ByteSpan(bytes)};
  Operation decoded;
  REQUIRE(decode_operation(reader, decoded));
  return buffer.put(decoded);
}

json ops_of(const EditBuffer& buffer) {
  json ops = json::array();
  MsgReader reader{ByteSpan(buffer.bytes())};
  for (std::uint32_t i = 0; i < buffer.count(); ++i) {
    ByteSpan op;
    REQUIRE(reader.read_raw(op));
    ops.push_back(json_of(op));
  }
  CHECK(reader.at_end());
  CHECK(buffer.is_empty() == ops.empty());
  return ops;
}

json combined(const std::vector<json>& ops) {
  EditBuffer buffer;
  for (const json& op : ops) put(buffer, op);
  return ops_of(buffer);
}

/// The nodes after these ops, each in order on top of a scene.
json graph_after(const json& ops) {
  BareGraph graph;
  json all = ops;
  all.insert(all.begin(), scene_op());
  REQUIRE(graph.apply(msgpack_of(message_of("x", 1, 1, 5, all))).ok());
  return json_of(graph.graph());
}

}  // namespace

TEST_CASE("edit_buffer_combines_neighbours_of_one_property") {
  const json add = op_of("number.add", "n", 2);
  CHECK(combined({add, op_of("number.add", "n", 3)}) == json::array({op_of("number.add", "n", 5)}));
  CHECK(combined({op_of("number.max", "n", 2), op_of("number.max", "n", 7)}) ==
        json::array({op_of("number.max", "n", 7)}));
  CHECK(
      combined({op_of("object.merge", "o", {{"a", 1}}), op_of("object.merge", "o", {{"b", 2}})}) ==
      json::array({op_of("object.merge", "o", {{"a", 1}, {"b", 2}})}));
  CHECK(combined({add, op_of("number.add", "m", 3)}).size() == 2);
  CHECK(combined({add, op_of("number.add", "n", 3, "other")}).size() == 2);
  CHECK(combined({add, op_of("number.multiply", "n", 3), add}).size() == 3);
  CHECK(combined({op_of("array.push", "l", 1), op_of("array.push", "l", 1)}).size() == 2);
}

TEST_CASE("edit_buffer_lets_a_set_replace_all_that_wrote_its_property") {
  EditBuffer buffer;
  CHECK(put(buffer, op_of("number.add", "n", 2)) == EditBuffer::Change::Appended);
  CHECK(put(buffer, op_of("number.set", "m", 1)) == EditBuffer::Change::Appended);
  CHECK(put(buffer, op_of("number.multiply", "n", 2)) == EditBuffer::Change::Appended);
  CHECK(put(buffer, op_of("string.set", "n", "x")) == EditBuffer::Change::Overwritten);
  CHECK(ops_of(buffer) ==
        json::array({op_of("number.set", "m", 1), op_of("string.set", "n", "x")}));
  CHECK(put(buffer, op_of("number.add", "n", 2)) == EditBuffer::Change::Appended);
  CHECK(ops_of(buffer).size() == 3);
}

TEST_CASE("edit_buffer_moves_nothing_across_an_op_that_may_touch_anything") {
  const json before = op_of("number.add", "n", 1), after = op_of("number.add", "n", 2);
  const json set = op_of("number.set", "n", 3);
  json text = op_of("text.insert", "body", "x");
  text["position"] = 0;
  for (const json& between :
       {op_of("node.remove", "children", "a"), text, op_of("object.merge", ".", {{"n", 9}}),
        meta_op("meta.undo", "x:1"), op_of("number.add", "n", 1, ".")}) {
    INFO(between.dump());
    CHECK(combined({before, between, after}) == json::array({before, between, after}));
    CHECK(combined({before, between, set}) == json::array({before, between, set}));
  }
  const json other = op_of("number.set", "m", 9);
  CHECK(combined({before, other, after}).size() == 2);
}

TEST_CASE("edit_buffer_knows_of_meta_ops_until_it_is_cleared") {
  EditBuffer buffer;
  put(buffer, op_of("number.set", "n", 3));
  CHECK_FALSE(buffer.has_meta());
  put(buffer, meta_op("meta.undo", "x:1"));
  CHECK(buffer.has_meta());
  buffer.clear();
  CHECK_FALSE(buffer.has_meta());
  CHECK(ops_of(buffer) == json::array());
  CHECK(put(buffer, op_of("number.add", "n", 3)) == EditBuffer::Change::Appended);
}

TEST_CASE("edit_buffer_combined_shows_what_all_ops_show") {
  int shorter = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    EditBuffer buffer;
    json ops = json::array();
    constexpr int kNumbers[] = {-2, 0, 1, 3};
    constexpr const char* kNames[] = {"number.add", "number.multiply", "number.max", "number.set"};
    for (int i = 0; i < 12; ++i) {
      const json simple = op_of(random.pick(kNames), random.percent(50) ? "n" : "m",
                                random.pick(kNumbers), random.percent(90) ? "scene" : ".");
      json op = random.percent(60) ? simple : random_op(random);
      if (op["ot"].get<std::string>().rfind("vector3", 0) == 0) op = simple;  // sums round
      put(buffer, op);
      ops.push_back(std::move(op));
    }
    const json kept = ops_of(buffer);
    shorter += kept.size() < ops.size();
    INFO(ops.dump());
    INFO(kept.dump());
    const json all = graph_after(ops), few = graph_after(kept);
    REQUIRE(near(few, all, 1e-9));
  }
  CHECK(shorter > 100);
}
