// Reading snapshots: every form that is accepted, and what is refused with the words that say why.
#include "history/snapshot_reader.hpp"

#include "history/parts.hpp"
#include "random_history.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json node_of(json extra = json::object()) {
  json node = {{"tag", "Box"},
               {"name", ""},
               {"children", json::array()},
               {"_crdt", {{"clock", {{"a", 1}}}, {"createdAt", 10}, {"lamportTime", 1}}}};
  node.merge_patch(extra);
  return node;
}

/// A root "r" with a child "k".
json snapshot() {
  return {
      {"graph",
       {{"nodes", {{"r", node_of({{"children", json::array({"k"})}})}, {"k", node_of({{"p", 5}})}}},
        {"rootKey", "r"}}},
      {"parents", {{"k", "r"}}},
      {"textRopes", json::object()},
      {"undone", json::array()},
      {"vectorClock", {{"a", 1}}},
      {"lt", 1},
      {"journalIndex", 1},
      {"stable", 1}};
}

/// What is said of the snapshot; "" when it is read.
std::string fault(const json& bytes) {
  Written written;
  const Status status = written.history.read_snapshot(msgpack_of(bytes));
  if (status.ok()) {
    written.history.check();
    return "";
  }
  CHECK(status.error().code == ErrorCode::BadSnapshot);
  return status.error().text;
}

std::string fault_with(const char* pointer, json value) {
  json changed = snapshot();
  changed[json::json_pointer(pointer)] = std::move(value);
  return fault(changed);
}

}  // namespace

TEST_CASE("snapshot_reader_fills_graph_numbers_and_tree") {
  Written written;
  json source = snapshot();
  source["graph"]["nodes"]["k"]["_crdt"]["deletedAt"] = 12;
  source["graph"]["nodes"]["k"]["_crdt"]["updatedAt"] = 11;
  source["graph"]["nodes"]["k"]["_crdt"]["lww"] = {{"p", {{"lt", 4}, {"client", "m"}}}};
  REQUIRE(written.history.read_snapshot(msgpack_of(source)).ok());
  written.history.check();
  const History& history = written.history;
  CHECK(history.stable() == 1);
  CHECK(history.lt() == 1);
  CHECK(history.journal_index() == 1);
  CHECK(history.clock_of(0) + history.clock_of(1) == 1);
  CHECK(written.graph()["rootKey"] == "r");
  const json child = written.node("k");
  CHECK(child["p"] == 5);
  CHECK(child["tag"] == "Box");
  CHECK(child["_crdt"]["deletedAt"] == 12);
  CHECK(child["_crdt"]["updatedAt"] == 11);
  CHECK(child["_crdt"]["lww"] == json{{"p", {{"lt", 4}, {"client", "m"}}}});
  CHECK(written.node("r")["children"] == json::array());
  CHECK(written.snapshot()["parents"] == json{{"k", "r"}});
}

TEST_CASE("snapshot_reader_leaves_a_deleted_node_dead_before_what_revives_it") {
  for (const bool deleted : {false, true}) {
    INFO("deleted " << deleted);
    json source = snapshot();
    if (deleted) source["graph"]["nodes"]["k"]["_crdt"]["deletedAt"] = 12;
    Written written;
    REQUIRE(written.history.read_snapshot(msgpack_of(source)).ok());
    const auto take = [&](std::uint64_t lt, const json& op) {
      written.take(message_of("b", lt, lt, 50, json::array({op})));
      written.history.check();
      return written.node("k")["p"];
    };
    json add = op_on("number.add", "p", 10);
    add["key"] = "k";
    take(5, node_op("node.remove", "r", "k"));
    take(6, node_op("node.upsert", "r", {{"key", "k"}}));
    CHECK(take(7, add) == 15);
    CHECK(take(3, add) == (deleted ? 15 : 25));  // late, and in the order before both
  }
}

TEST_CASE("snapshot_reader_names_the_part_that_is_wrong") {
  CHECK(fault(snapshot()) == "");
  CHECK(fault(json::array()) == "not a snapshot");
  CHECK(fault(json::object()) == "not a snapshot");
  for (const json& number : {json(-1), json(1.5), json("1"), json(nullptr)}) {
    INFO(number.dump());
    CHECK(fault_with("/lt", number) == "lt: not an integer");
    CHECK(fault_with("/journalIndex", number) == "journalIndex: not an integer");
    CHECK(fault_with("/vectorClock/a", number) == "vectorClock: malformed");
  }
  for (const json& line : {json(-2), json(0.5), json("1"), json(9007199254740992.0)}) {
    INFO(line.dump());
    CHECK(fault_with("/stable", line) == "stable: not an integer from -1");
  }
  CHECK(fault_with("/stable", -1) == "");
  CHECK(fault_with("/graph", 5) == "graph: malformed");
  CHECK(fault_with("/graph/nodes", 5) == "graph: malformed");
  CHECK(fault_with("/graph/rootKey", 5) == "graph: malformed");
  CHECK(fault_with("/graph/rootKey", "nobody") == "graph.rootKey: names no node");
  CHECK(fault_with("/graph/rootKey", "") == "");
  CHECK(fault_with("/textRopes", json::array()) == "textRopes: malformed");
  CHECK(fault_with("/textRopes/r", 5) == "textRopes: malformed");
  CHECK(fault_with("/undone", json::object()) == "undone: not a list of ids");
  CHECK(fault_with("/undone", json::array({5})) == "undone: not a list of ids");
}

TEST_CASE("snapshot_reader_refuses_malformed_nodes_by_their_key") {
  const std::string fault_of_k = "graph.nodes: malformed node k";
  CHECK(fault_with("/graph/nodes/k", 5) == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/children", 5) == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/children", json::array({5})) == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/children", json::array({""})) == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/_crdt", json::object()) == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/_crdt/clock", json::array()) == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/_crdt/clock/a", -1) == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/_crdt/createdAt", "late") == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/_crdt/lamportTime", 0.5) == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/_crdt/deletedAt", "x") == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/_crdt/deletedAt", nullptr) == "");
  CHECK(fault_with("/graph/nodes/k/_crdt/lww", json::array()) == fault_of_k);
  CHECK(fault_with("/graph/nodes/k/_crdt/lww", {{"p", {{"lt", -1}, {"client", "a"}}}}) ==
        fault_of_k);
  json deep = 1;
  for (int i = 0; i < kMaxDepth; ++i) deep = json::array({deep});
  CHECK(fault_with("/graph/nodes/k/p", deep) == "");
  CHECK(fault_with("/graph/nodes/k/p", json::array({deep})) == fault_of_k);
  json without = snapshot();
  without["graph"]["nodes"]["k"].erase("_crdt");
  CHECK(fault(without) == fault_of_k);
  CHECK(fault_with("/graph/nodes/", node_of()) == "graph.nodes: malformed node ");
}

TEST_CASE("snapshot_reader_refuses_parents_that_are_no_tree") {
  for (const json& parents : {json{{"k", "k"}}, json{{"k", "r"}, {"r", "k"}}, json{{"k", 5}},
                              json{{"k", ""}}, json{{"", "r"}}, json::array()}) {
    INFO(parents.dump());
    CHECK(fault_with("/parents", parents) == "parents: not a tree");
  }
  CHECK(fault_with("/parents", {{"k", "nobody"}}) == "");
}

TEST_CASE("snapshot_reader_reads_parents_off_the_lists_where_none_are_stated") {
  json source = snapshot();
  source.erase("parents");
  json& nodes = source["graph"]["nodes"];
  nodes["r"]["children"] = json::array({"k", "m", "ghost"});
  nodes["m"] = node_of({{"children", json::array({"k", "r"})}});
  Written written;
  REQUIRE(written.history.read_snapshot(msgpack_of(source)).ok());
  written.history.check();
  const json parents = written.snapshot()["parents"];
  CHECK(parents["ghost"] == "r");
  // Two lists name k, and r would come below itself: one parent stays, and no ring.
  CHECK(parents.contains("k"));
  CHECK(parents.size() == 3);
  History graph_only{Limits{}};
  REQUIRE(graph_only.read_graph(msgpack_of(source["graph"])).ok());
  graph_only.check();
  CHECK(graph_only.stable() == kNoLine);
  CHECK(graph_only.graph().alive_or_deleted() == 3);
}

TEST_CASE("snapshot_reader_takes_texts_with_what_was_deleted_and_waits") {
  json source = snapshot();
  source["graph"]["nodes"]["k"]["t"] = "ac";
  source["textRopes"] = {
      {"k",
       {{"t",
         {{"shown", true},
          {"begun", true},
          {"inserts", json::array({json::array({"a:0", 3, nullptr, 1, 3, "abc"}),
                                   json::array({"b:0", 2, "a:2", 1, 3, nullptr})})},
          {"waiting", json::array({json::array({"a:9", 1, "z:0", 1, 3, "w"})})},
          {"rm", json::array({json::array({"a:1", 1}), json::array({"y:4", 2})})}}}}}};
  Written written;
  REQUIRE(written.history.read_snapshot(msgpack_of(source)).ok());
  written.history.check();
  CHECK(written.node("k")["t"] == "ac");
  CHECK(written.history.texts().waiting_count() == 1);
  json anchor = insert_on("z:0", "a:2", "-", 2);
  anchor["key"] = "k";
  written.take(message_of("z", 1, 5, 50, json::array({anchor})));
  CHECK(written.node("k")["t"] == "ac-w");
  json twice = source;
  twice["textRopes"]["k"]["t"]["inserts"].push_back(json::array({"a:2", 1, nullptr, 1, 3, "x"}));
  CHECK(fault(twice) == "textRopes: malformed");
  json huge = source;
  huge["textRopes"]["k"]["t"]["inserts"][1][1] = (1 << 24) + 1;
  CHECK(fault(huge) == "textRopes: malformed");
  source["textRopes"]["k"]["t"]["shown"] = false;
  source["graph"]["nodes"]["k"]["t"] = 5;
  Written hidden;
  REQUIRE(hidden.history.read_snapshot(msgpack_of(source)).ok());
  CHECK(hidden.node("k")["t"] == 5);
}

TEST_CASE("snapshot_reader_gives_back_what_was_written") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Written source;
    for (const json& message : random_history(random, 30, seed % 2 == 0)) source.take(message);
    source.history.raise_line(static_cast<std::int64_t>(source.history.lt()));
    Written read;
    REQUIRE(read.history.read_snapshot(msgpack_of(source.snapshot())).ok());
    read.history.check();
    require_same(read, source);
    CHECK(comparable(read.snapshot()) == comparable(source.snapshot()));
  }
}
