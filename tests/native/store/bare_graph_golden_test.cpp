// Bare graphs give the rows of the golden table: values in the order given, sets by their last
// writer, and the tree as the law derives it.
#include <catch2/catch.hpp>
#include <vector>

#include "json_messages.hpp"
#include "random_ops.hpp"
#include "vuer_rtc/document.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json rows_of(const char* file) { return parse_json(read_test_file(file)); }

/// ts is ten times the lt, as the table has it.
void apply(BareGraph& graph, const std::string& client, std::uint64_t lt, const json& op) {
  const auto ts = 10.0 * static_cast<double>(lt);
  REQUIRE(graph.apply(msgpack_of(message_of(client, lt, lt, ts, json::array({op})))).ok());
}

json nodes_of(BareGraph& graph) { return json_of(ByteSpan(graph.graph()))["nodes"]; }

void insert(BareGraph& graph, std::uint64_t lt, const char* parent, json value) {
  apply(graph, "c", lt,
        {{"ot", "node.insert"}, {"key", parent}, {"path", "children"}, {"value", value}});
}

std::vector<std::string> children_of(BareGraph& graph, const char* key) {
  return nodes_of(graph)[key]["children"].get<std::vector<std::string>>();
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("bare_graph_gives_the_values_of_the_golden_table") {
  const json rows = rows_of("vectors/golden-values.json");
  REQUIRE(rows.size() == 54);
  for (const json& row : rows) {
    INFO("row " << row["row"]);
    BareGraph graph;
    json node = {{"key", "n"}, {"tag", "T"}, {"name", "N"}};
    if (row.contains("before")) node["p"] = row["before"];
    insert(graph, 1, "", node);
    for (const json& message : row["messages"]) {
      json op = message[2];
      op["key"] = "n";
      op["path"] = "p";
      apply(graph, message[0], message[1].get<std::uint64_t>(), op);
    }
    const json after = nodes_of(graph)["n"];
    CHECK(near(after["p"], row["after"], row.value("near", 0.0)));
    CHECK(after["_crdt"]["lww"].value("p", json()) == row.value("lww", json()));
    if (!row.contains("lww")) continue;
    CHECK(after["_crdt"]["lamportTime"] == row["lamportTime"]);
    CHECK(after["_crdt"]["updatedAt"] == row["updatedAt"]);
  }
}

TEST_CASE("bare_graph_gives_the_trees_of_the_golden_table") {
  const json rows = rows_of("vectors/golden-trees.json");
  REQUIRE(rows.size() == 11);
  for (const json& row : rows) {
    INFO("row " << row["row"]);
    BareGraph graph;
    insert(graph, 1, "", {{"key", "r"}});
    insert(graph, 2, "r", {{"key", "a"}});
    insert(graph, 3, "r", {{"key", "b"}});
    insert(graph, 4, "a", {{"key", "k"}});
    for (const json& step : row["ops"]) {
      json op = step[1];
      op["path"] = "children";
      apply(graph, "c", step[0].get<std::uint64_t>(), op);
    }
    CHECK(json_of(ByteSpan(graph.graph()))["rootKey"] == "r");
    const json nodes = nodes_of(graph);
    for (const auto& [key, expected] : row["expect"].items()) {
      for (const auto& [name, value] : expected.items()) {
        INFO(key << "." << name);
        const json& holder = name == "children" ? nodes[key] : nodes[key]["_crdt"];
        CHECK(holder.value(name, json()) == value);
      }
    }
  }
}

TEST_CASE("bare_graph_sorts_children_as_row_66_of_the_golden_table") {
  BareGraph graph;
  insert(graph, 1, "", {{"key", "p"}});
  for (const auto& [key, lt] : {std::pair<const char*, int>{"z", 5}, {"b", 5}, {"a", 9}, {"y", 2}})
    insert(graph, static_cast<std::uint64_t>(lt), "p", {{"key", key}});
  CHECK(children_of(graph, "p") == Keys{"y", "b", "z", "a"});
}

TEST_CASE("bare_graph_lists_a_child_that_came_before_its_parent") {
  BareGraph graph;
  insert(graph, 1, "p", {{"key", "k"}});
  insert(graph, 2, "", {{"key", "p"}});
  CHECK(children_of(graph, "p") == Keys{"k"});
  CHECK(json_of(ByteSpan(graph.graph()))["rootKey"] == "k");
}
