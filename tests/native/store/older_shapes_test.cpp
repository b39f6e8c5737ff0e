// Node ops of the older line.
#include <catch2/catch.hpp>

#include "json_messages.hpp"
#include "vuer_rtc/document.hpp"

using namespace vuer_rtc;

namespace {

nlohmann::json graph_after(const char* ops) {
  Document document;
  const auto parsed = parse_json(
      std::string(R"({"id":"a:1","client":"a","lt":1,"ts":5,"clock":{"a":1},"ops":)") + ops + "}");
  REQUIRE(document.receive(ByteSpan(msgpack_of(parsed))).ok());
  return json_of(ByteSpan(document.graph()))["nodes"];
}

const std::string kScene =
    R"({"ot":"node.insert","key":"","path":"children","value":{"key":"scene"}})";

}  // namespace

TEST_CASE("older_shapes_insert_names_the_node_by_key_and_path") {
  const auto nodes =
      graph_after(("[" + kScene +
                   R"(,{"ot":"node.insert","key":"box","path":"box","parent":"scene",)"
                   R"("value":{"key":"uuid-1","tag":"Box","x":1}}])")
                      .c_str());
  CHECK(nodes["scene"]["children"] == nlohmann::json{"box"});
  CHECK(nodes["box"]["tag"] == "Box");
  CHECK(nodes["box"]["x"] == 1);
  CHECK(!nodes.contains("uuid-1"));
}

TEST_CASE("older_shapes_insert_reads_tag_and_parent_key_beside_the_value") {
  const auto nodes = graph_after(
      ("[" + kScene +
       R"(,{"ot":"node.insert","key":"box","path":"","tag":"Box","parentKey":"scene"}])")
          .c_str());
  CHECK(nodes["scene"]["children"] == nlohmann::json{"box"});
  CHECK(nodes["box"]["tag"] == "Box");
}

TEST_CASE("older_shapes_remove_and_move_name_the_node_by_key") {
  const auto nodes =
      graph_after(("[" + kScene +
                   R"(,{"ot":"node.insert","key":"scene","path":"children","value":{"key":"a"}})"
                   R"(,{"ot":"node.insert","key":"scene","path":"children","value":{"key":"b"}})"
                   R"(,{"ot":"node.move","key":"b","path":"","to":"a","toPath":"children"})"
                   R"(,{"ot":"node.remove","key":"b","path":""}])")
                      .c_str());
  CHECK(nodes["scene"]["children"] == nlohmann::json{"a"});
  CHECK(nodes["b"]["_crdt"]["deletedAt"] == 5);
}

TEST_CASE("older_shapes_today_with_the_path_children_stays_as_it_is") {
  const auto nodes =
      graph_after(("[" + kScene +
                   R"(,{"ot":"node.insert","key":"scene","path":"children","value":{"key":"a"}}])")
                      .c_str());
  CHECK(nodes["scene"]["children"] == nlohmann::json{"a"});
}
