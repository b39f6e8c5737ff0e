// The graph as a value: as it stands, and what of it stood at the line.
#include "history/graph_writer.hpp"

#include "history/parts.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json typed(const char* key, const char* content) {
  return {{"ot", "text.insert"}, {"key", key}, {"path", "t"}, {"position", 0}, {"value", content}};
}

json written_graph(History& history, GraphState state) {
  Bytes out;
  GraphWriter(history, state, out).write();
  return json_of(out);
}

}  // namespace

TEST_CASE("graph_writer_gives_the_whole_shape_of_a_scene") {
  Written written;
  CHECK(written.graph() == json{{"nodes", json::object()},
                                {"rootKey", ""},
                                {"lww", json::object()},
                                {"tombstones", json::object()}});
  written.take(message_of("a", 1, 1, 10,
                          json::array({node_op("node.insert", "", {{"key", "r"}, {"p", 1.5}}),
                                       node_op("node.insert", "r", {{"key", "k"}})})));
  written.take(message_of("b", 1, 2, 20, json::array({node_op("node.remove", "r", "k")})));
  json set = op_on("array.set", "list", json::array({1, "x", nullptr}));
  set["key"] = "r";
  written.take(message_of("b", 2, 3, 30, json::array({set})));
  const json root = {{"key", "r"},
                     {"tag", ""},
                     {"name", ""},
                     {"p", 1.5},
                     {"list", json::array({1, "x", nullptr})},
                     {"children", json::array()},
                     {"_crdt",
                      {{"clock", {{"a", 1}}},
                       {"lamportTime", 3},
                       {"createdAt", 10},
                       {"updatedAt", 30},
                       {"lww", {{"list", {{"lt", 3}, {"client", "b"}}}}}}}};
  const json child = {{"key", "k"},
                      {"tag", ""},
                      {"name", ""},
                      {"children", json::array()},
                      {"_crdt",
                       {{"clock", {{"a", 1}}},
                        {"lamportTime", 2},
                        {"createdAt", 10},
                        {"updatedAt", 20},
                        {"deletedAt", 20},
                        {"lww", json::object()}}}};
  CHECK(written.graph() == json{{"nodes", {{"r", root}, {"k", child}}},
                                {"rootKey", "r"},
                                {"lww", json::object()},
                                {"tombstones", json::object()}});
}

TEST_CASE("graph_writer_at_the_line_gives_what_was_folded") {
  Written written;
  written.take(node_message());
  written.take(message_of("a", 2, 2, 20, json::array({op_on("number.set", "p", 1)})));
  written.take(message_of("a", 3, 3, 30, json::array({typed("n", "old")})));
  written.history.raise_line(3);
  const json folded = written.graph();
  CHECK(written_graph(written.history, GraphState::AtLine) == folded);
  written.take(message_of("b", 1, 4, 40, json::array({op_on("number.set", "p", 2)})));
  written.take(message_of("b", 2, 5, 50, json::array({op_on("number.set", "q", 3)})));
  written.take(message_of("b", 3, 6, 60, json::array({typed("n", "very ")})));
  CHECK(written_graph(written.history, GraphState::AtLine) == folded);
  const json now = written_graph(written.history, GraphState::Now);
  CHECK(now == written.graph());
  CHECK(now["nodes"]["n"]["p"] == 2);
  CHECK(now["nodes"]["n"]["t"] == "very old");
  written.take(message_of("b", 4, 7, 70, json::array({op_on("number.set", "t", 9)})));
  CHECK(written.node("n")["t"] == 9);
  CHECK(written_graph(written.history, GraphState::AtLine) == folded);
}

TEST_CASE("graph_writer_writes_one_property_or_says_there_is_none") {
  Written written;
  History& history = written.history;
  written.take(node_message());
  written.take(message_of(
      "a", 2, 2, 20,
      json::array({op_on("number.set", "p", 1), typed("n", "hi"), typed("ghost", "boo")})));
  const auto property = [&](const char* key, const char* path) {
    Bytes out;
    const bool found = history.write_property(history.graph().find_node(key),
                                              history.graph().paths().find(path), out);
    CHECK(found == !out.empty());
    return found ? json_of(out) : json("none");
  };
  CHECK(property("n", "p") == 1);
  CHECK(property("n", "t") == "hi");
  CHECK(property("n", "tag") == "");
  CHECK(property("ghost", "t") == "none");
  history.graph().paths().intern("unused");
  CHECK(property("n", "unused") == "none");
}

TEST_CASE("graph_writer_lists_texts_of_nodes_that_exist_and_have_a_unit") {
  Written written;
  written.take(node_message());
  json init = typed("n", "");
  init["path"] = "empty";
  written.take(
      message_of("a", 2, 2, 20, json::array({typed("n", "hi"), typed("m", "late"), init})));
  CHECK(written.texts() == json{{"n", {{"t", "hi"}}}});
  written.take(
      message_of("a", 3, 3, 30, json::array({node_op("node.insert", "n", {{"key", "m"}})})));
  CHECK(written.texts() == json{{"n", {{"t", "hi"}}}, {"m", {{"t", "late"}}}});
  const json cut = {
      {"ot", "text.delete"}, {"key", "m"}, {"path", "t"}, {"position", 0}, {"length", 9}};
  written.take(message_of("a", 4, 4, 40, json::array({cut})));
  CHECK(written.texts()["m"]["t"] == "");
}
