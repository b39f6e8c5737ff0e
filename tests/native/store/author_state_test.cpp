// Whole states: what a reload of the page and a `state` answer keep, and what they refuse.
#include <catch2/catch.hpp>

#include "mirror.hpp"
#include "random_history.hpp"
#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

/// Two acknowledged messages with a line, one that is not, and pending edits.
Store busy_store() {
  Store store("a");
  commit(store, scene_op());
  commit(store, set_op("n", 1));
  REQUIRE(store.ack("a:1", 1, 1, kNoLine).ok());
  REQUIRE(store.ack("a:2", 2, 2, 1).ok());
  REQUIRE(store.compact().ok());
  commit(store, set_op("n", 2));
  edit(store, op_of("number.add", "n", 5), 777);
  return store;
}

Store again(Store& store) {
  const auto bytes = store.export_bytes();
  REQUIRE(bytes.ok());
  auto read = Store::import_bytes(*bytes);
  if (!read.ok()) FAIL(read.error().text);
  read->check();
  return std::move(*read);
}

json exported(Store& store) {
  json out = json_of(*store.export_bytes());
  out["snapshot"] = comparable(out["snapshot"]);
  return out;
}

json node_of(Store& store) { return json_of(store.document().graph())["nodes"]["scene"]; }

std::string fault_of(const json& exported) {
  const auto read = Store::import_bytes(msgpack_of(exported));
  if (read.ok()) return "";
  CHECK(read.error().code == ErrorCode::BadSnapshot);
  return read.error().text;
}

}  // namespace

TEST_CASE("author_state_survives_export_and_import_whole") {
  Store store = busy_store();
  Store copy = again(store);
  CHECK(copy.client() == "a");
  CHECK(copy.lt() == store.lt());
  CHECK(copy.clock() == store.clock());
  CHECK(copy.digest() == store.digest());
  CHECK(copy.pending() == store.pending());
  CHECK(copy.unacked() == store.unacked());
  CHECK(copy.document().journal() == store.document().journal());
  CHECK(copy.document().stable() == 1);
  CHECK(node_of(copy) == node_of(store));
  CHECK(exported(copy) == exported(store));
  CHECK(commit(store, 800) == commit(copy, 800));
  REQUIRE(copy.undo(900).ok());
  CHECK(node_of(copy)["n"] == 2);
}

TEST_CASE("author_state_survives_export_at_any_moment") {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    SmallServer server;
    Store store("a");
    commit(store, scene_op());
    for (int step = 0; step < 25; ++step) {
      INFO("step " << step);
      edit(store, random_op(random));
      if (random.percent(40)) REQUIRE(store.commit(100 + step).ok());
      if (random.percent(20)) REQUIRE(store.undo(100 + step).ok());
      if (random.percent(30)) {
        REQUIRE(store.commit(100 + step).ok());
        deliver(store, server);
        if (random.percent(30)) server.raise_line(static_cast<std::int64_t>(server.top()) - 2);
      }
      if (random.percent(20)) REQUIRE(store.compact().ok());
      Store copy = again(store);
      REQUIRE(copy.digest() == store.digest());
      REQUIRE(json_of(copy.document().graph()) == json_of(store.document().graph()));
      REQUIRE(exported(copy) == exported(store));
      if (random.percent(30)) store = std::move(copy);
    }
  }
}

TEST_CASE("author_state_refuses_an_export_that_is_not_whole") {
  Store store = busy_store();
  const json whole = json_of(*store.export_bytes());
  CHECK(fault_of(whole) == "");
  for (const char* part : {"client", "snapshot"}) {
    INFO(part);
    json without = whole;
    without.erase(part);
    CHECK(fault_of(without) == "not an exported store");
  }
  for (const char* part : {"number", "lt", "serverSeq", "stable", "pendingSince"}) {
    INFO(part);
    json broken = whole;
    broken[part] = "x";
    CHECK(fault_of(broken) == "not an exported store");
  }
  json broken = whole;
  broken["unacked"] = json::array({"nobody:1"});
  CHECK(fault_of(broken) == "unacked: names a message that is not there");
  broken = whole;
  broken["pending"] = 5;
  CHECK(fault_of(broken) == "pending: not an array");
  broken = whole;
  broken["snapshot"] = 5;
  CHECK(fault_of(broken) == "not a snapshot");
}

TEST_CASE("author_state_loads_an_answer_below_own_edits_and_tells_the_mirror") {
  SmallServer server;
  Store store("w");
  commit(store, scene_op());
  deliver(store, server);
  commit(store, set_op("n", 1));
  const Bytes sent = store.unacked();
  REQUIRE(server.accept(sent).error.empty());  // accepted, and the ack was lost
  commit(store, set_op("m", 2));
  edit(store, set_op("o", 3));
  const auto received = server.accept(
      msgpack_of(message_of("s", 1, 9, 50, json::array({set_op("n", 8), set_op("m", 8)}))));
  REQUIRE(received.error.empty());
  server.raise_line(1);
  Mirror mirror;
  mirror.apply(store.take_changes());
  const auto state = server.state();
  REQUIRE(store.load(state.snapshot, state.journal, state.server_seq, state.stable).ok());
  store.check();
  CHECK(store.unacked_count() == 1);  // the state held the other one
  const json node = node_of(store);
  CHECK(node["n"] == 8);
  CHECK(node["m"] == 8);
  CHECK(node["o"] == 3);
  CHECK(store.pending_count() == 1);
  mirror.apply(store.take_changes());
  CHECK(mirror.resets == 1);
  CHECK(mirror.graph() == json_of(store.document().graph()));
}

TEST_CASE("author_state_keeps_what_it_had_when_an_answer_is_broken") {
  Store store = busy_store();
  const json before = exported(store);
  const auto refused = [&](ByteSpan snapshot, ByteSpan journal) {
    const Status status = store.load(snapshot, journal, 9, 9);
    store.check();
    CHECK(exported(store) == before);
    return !status.ok();
  };
  CHECK(refused(Bytes{0x80}, {}));
  CHECK(refused({}, Bytes{0x80}));
  CHECK(refused({}, msgpack_of(json::array({json::object()}))));
  const auto snapshot = store.document().snapshot();
  REQUIRE(snapshot.ok());
  CHECK(refused(*snapshot, msgpack_of(json::array({5}))));
}
