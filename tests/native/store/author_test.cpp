// An author's store: the edit buffer, commits, acks, undo and redo, limits, refusals.
#include <catch2/catch.hpp>

#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json pending(Store& store) { return json_of(store.pending()); }

Store store_with_scene(const char* client = "a") {
  Store store(client);
  commit(store, scene_op());
  return store;
}

}  // namespace

TEST_CASE("author_buffer_combines_what_loses_nothing") {
  Store store = store_with_scene();
  edit(store, op_of("number.add", "n", 2));
  edit(store, op_of("number.add", "m", 1));
  edit(store, op_of("number.add", "n", 3));
  CHECK(pending(store) == json::array({op_of("number.add", "n", 5), op_of("number.add", "m", 1)}));
  edit(store, op_of("number.multiply", "n", 2));
  CHECK(store.pending_count() == 3);
  edit(store, set_op("n", 7));
  CHECK(pending(store) == json::array({op_of("number.add", "m", 1), set_op("n", 7)}));
  edit(store, op_of("array.push", "list", 1));
  edit(store, op_of("array.push", "list", 1));
  CHECK(store.pending_count() == 4);
  edit(store, {{"ot", "node.remove"}, {"key", ""}, {"path", "children"}, {"value", "b"}});
  edit(store, set_op("n", 8));
  CHECK(store.pending_count() == 6);
  CHECK(value_at(store, "n") == 8);
}

TEST_CASE("author_overwrites_in_a_long_buffer_and_commits_what_is_left") {
  Store store("a");
  Document reader;
  const json scene = commit(store, scene_op());
  const auto name = [](int i) { return "p" + std::to_string(i); };
  for (int i = 0; i < 300; ++i) edit(store, set_op(name(i).c_str(), i));
  for (int i = 0; i < 2000; ++i) edit(store, set_op(name(i % 7).c_str(), i));
  edit(store, op_of("number.add", "p5", 0.5));
  edit(store, op_of("number.add", "p5", 0.25));
  CHECK(store.pending_count() == 301);
  CHECK(value_at(store, "p4") == 1999);
  CHECK(value_at(store, "p5") == 1993.75);
  const json message = commit(store);
  CHECK(message["ops"].size() == 301);
  REQUIRE(reader.receive(ByteSpan(msgpack_of(scene))).ok());
  REQUIRE(reader.receive(ByteSpan(msgpack_of(message))).ok());
  CHECK(reader.digest() == store.document().digest());
}

TEST_CASE("author_commit_changes_no_value_and_numbers_its_messages") {
  Store store("a");
  edit(store, scene_op());
  const json first = commit(store);
  CHECK(first["id"] == "a:1");
  CHECK(first["lt"] == 1);
  CHECK(first["clock"] == json{{"a", 1}});
  const json other = message_of("b", 1, 7, 50, json::array({set_op("n", 1)}));
  REQUIRE(store.receive(ByteSpan(msgpack_of(other))).ok());
  edit(store, op_of("number.add", "n", 1));
  const json second = commit(store);
  CHECK(second["id"] == "a:8");
  CHECK(second["lt"] == 8);
  CHECK(second["clock"] == json{{"a", 2}});
  CHECK(sent(store.commit(100)).empty());

  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Store random_store = store_with_scene();
    for (int round = 0; round < 10; ++round) {
      for (std::uint32_t i = 1 + random.below(6); i > 0; --i)
        edit(random_store, random_op(random), 100);
      const json before = json_of(random_store.document().graph())["nodes"];
      const json texts = json_of(random_store.document().texts());
      commit(random_store, 100);
      json after = json_of(random_store.document().graph())["nodes"];
      for (const auto& [key, node] : before.items()) {
        after[key]["_crdt"]["updatedAt"] = node["_crdt"]["updatedAt"];
        after[key]["_crdt"]["lamportTime"] = node["_crdt"]["lamportTime"];
      }
      CHECK(json::diff(before, after) == json::array());
      CHECK(json_of(random_store.document().texts()) == texts);
      random_store.check();
    }
  }
}

TEST_CASE("author_pending_edits_are_in_the_graph_but_not_in_digest_snapshot_and_journal") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Store store = store_with_scene();
    for (int i = 0; i < 12; ++i) edit(store, random_op(random));
    commit(store);
    const Hash before = store.digest();
    const Bytes journal = store.document().journal();
    const json graph = json_of(store.document().graph());
    for (int i = 0; i < 6; ++i) edit(store, random_op(random));
    CHECK(store.digest() == before);
    CHECK(store.document().journal() == journal);
    store.check();
    REQUIRE(store.cancel().ok());
    CHECK(store.digest() == before);
    CHECK(json_of(store.document().graph()) == graph);
    store.check();
  }
}

TEST_CASE("author_ack_moves_the_message_and_lifts_the_later_ones") {
  Store store = store_with_scene();
  for (int i = 0; i < 3; ++i) {
    commit(store, set_op("n", i));
  }
  CHECK(store.unacked_count() == 4);
  REQUIRE(store.ack("a:1", 1, 1, kNoLine).ok());
  REQUIRE(store.ack("nobody:1", 99, 2, kNoLine).ok());
  CHECK(store.unacked_count() == 3);
  REQUIRE(store.ack("a:2", 9, 2, kNoLine).ok());
  const auto waiting = unacked(store);
  REQUIRE(waiting.size() == 2);
  CHECK(waiting[0]["id"] == "a:3");
  CHECK(waiting[0]["lt"] == 10);
  CHECK(waiting[1]["lt"] == 11);
  CHECK(value_at(store, "n") == 2);
  store.check();
  json echo = waiting[0];
  echo["lt"] = 12;
  echo["serverSeq"] = 3;
  echo["stable"] = -1;
  CHECK(*store.receive(ByteSpan(msgpack_of(echo))) == Received::Duplicate);
  CHECK(store.unacked_count() == 1);
  CHECK(unacked(store)[0]["lt"] == 13);
  CHECK(value_at(store, "n") == 2);
}

TEST_CASE("author_uses_a_line_once_everything_up_to_it_is_here") {
  Store store = store_with_scene();
  REQUIRE(store.ack("a:1", 1, 1, kNoLine).ok());
  store.learn(3, 1);
  REQUIRE(store.compact().ok());
  CHECK(store.document().stable() == kNoLine);
  json third = message_of("b", 2, 3, 5, json::array());
  third["serverSeq"] = 3;
  third["stable"] = 1;
  REQUIRE(store.receive(ByteSpan(msgpack_of(third))).ok());
  REQUIRE(store.compact().ok());
  CHECK(store.document().stable() == kNoLine);
  json second = message_of("b", 1, 2, 5, json::array());
  second["serverSeq"] = 2;
  second["stable"] = -1;
  REQUIRE(store.receive(ByteSpan(msgpack_of(second))).ok());
  const Hash before = store.digest();
  REQUIRE(store.compact().ok());
  CHECK(store.document().stable() == 1);
  CHECK(store.digest() == before);
  CHECK(store.document().journal_length() == 2);
}

TEST_CASE("author_undo_and_redo_walk_the_own_messages") {
  Store store = store_with_scene();
  commit(store, set_op("n", 1));
  edit(store, set_op("n", 2));
  CHECK(store.can_undo());
  CHECK(sent(store.undo(100)).size() == 2);
  CHECK(value_at(store, "n") == 1);
  CHECK(sent(store.undo(100)).size() == 1);
  CHECK(value_at(store, "n").is_null());
  CHECK(sent(store.redo(100)).size() == 1);
  CHECK(value_at(store, "n") == 1);
  CHECK(sent(store.redo(100)).size() == 1);
  CHECK(value_at(store, "n") == 2);
  CHECK(!store.can_redo());
  CHECK(sent(store.redo(100)).empty());
  CHECK(sent(store.undo(100)).size() == 1);
  CHECK(store.can_redo());
  commit(store, set_op("m", 3));
  CHECK(!store.can_redo());
  store.check();
}

TEST_CASE("author_undo_of_what_the_server_folded_takes_no_effect_anywhere") {
  SmallServer server;
  Store store = store_with_scene();
  commit(store, set_op("n", 1));
  deliver(store, server);
  sent(store.undo(100));
  CHECK(value_at(store, "n").is_null());
  server.raise_line(2);
  store.learn(2, 2);
  REQUIRE(store.compact().ok());
  store.check();
  CHECK(value_at(store, "n") == 1);
  deliver(store, server);
  CHECK(hex(store.digest()) == hex(server.document().digest()));
}

TEST_CASE("author_reject_takes_what_builds_on_it_and_renumbers_the_rest") {
  Store store = store_with_scene();
  REQUIRE(store.ack("a:1", 1, 1, kNoLine).ok());
  commit(store, typed(0, "one"));
  commit(store, set_op("n", 5));
  commit(store, typed(3, "two"));
  CHECK(value_at(store, "body") == "onetwo");
  const auto gone = store.reject("a:2");
  REQUIRE(gone.ok());
  const auto messages = split_messages(*gone);
  REQUIRE(messages.size() == 2);
  CHECK(json_of(messages[0])["id"] == "a:2");
  CHECK(json_of(messages[1])["id"] == "a:4");
  CHECK(value_at(store, "n") == 5);
  CHECK(value_at(store, "body").is_null());
  const auto rest = unacked(store);
  REQUIRE(rest.size() == 1);
  CHECK(rest[0]["clock"] == json{{"a", 2}});
  store.check();
  REQUIRE(store.reject("nobody:1").ok());
  edit(store, set_op("n", 6));
  CHECK(commit(store)["clock"] == json{{"a", 3}});
}

TEST_CASE("author_refuses_bad_edits_and_stays_as_it_was") {
  Limits limits;
  limits.message_bytes = 4096;
  limits.ops = 3;
  Store store("a", limits);
  edit(store, scene_op());
  const Bytes before = store.pending();
  const auto refused = [&](const json& op) {
    const Status status = store.edit(msgpack_of(op), 100);
    CHECK(store.pending() == before);
    store.check();
    return status.ok() ? "" : std::string(error_name(status.error().code));
  };
  json deep = 1;
  for (int i = 0; i < 70; ++i) deep = json::array({deep});
  CHECK(refused(set_op("n", deep)) == error_name(ErrorCode::TooDeep));
  CHECK(refused(op_of("string.set", "s", std::string(5000, 'x'))) == error_name(ErrorCode::TooBig));
  CHECK(refused(op_of("number.add", "n", "text")) == error_name(ErrorCode::BadOperation));
  CHECK(refused(op_of("no.such", "n", 1)) == error_name(ErrorCode::BadOperation));
  CHECK(refused(set_op("_crdt", 1)) == error_name(ErrorCode::BadOperation));
  CHECK(refused({{"ot", "number.set"}, {"key", "scene"}}) == error_name(ErrorCode::BadOperation));
  CHECK(refused(json::array()) == error_name(ErrorCode::BadOperation));
}

TEST_CASE("author_refuses_more_ops_than_one_message_may_hold") {
  Limits limits;
  limits.ops = 2;
  Store store("a", limits);
  edit(store, scene_op());
  edit(store, op_of("array.push", "l", 1));
  const Status status = store.edit(msgpack_of(op_of("array.push", "l", 2)), 100);
  REQUIRE(!status.ok());
  CHECK(status.error().code == ErrorCode::TooManyOps);
  CHECK(store.pending_count() == 2);
}

TEST_CASE("author_load_keeps_unacked_and_pending_edits_on_top_of_the_state") {
  SmallServer server;
  Store north = store_with_scene("n");
  for (const Bytes& message : split_messages(north.unacked())) server.accept(message);
  for (std::uint64_t i = 1; i <= 5; ++i) {
    server.accept(msgpack_of(message_of("s", i, 1 + i, 50, json::array({set_op("n", i)}))));
  }
  server.raise_line(4);
  Store store("w");
  commit(store, set_op("n", 77));
  edit(store, op_of("number.add", "n", 1));
  const auto state = server.state();
  REQUIRE(store.load(state.snapshot, state.journal, state.server_seq, state.stable).ok());
  store.check();
  CHECK(store.unacked_count() == 1);
  CHECK(unacked(store)[0]["lt"].get<int>() > 6);
  CHECK(value_at(store, "n") == 78);
  CHECK(store.document().stable() == 4);
  const Bytes before = store.document().graph();
  CHECK(!store.load(ByteSpan(before), {}, 9, 9).ok());
  CHECK(store.document().graph() == before);
}

TEST_CASE("author_import_refuses_truncated_bytes") {
  Store store = store_with_scene();
  commit(store, typed(0, "one"));
  edit(store, set_op("n", 5));
  const auto bytes = store.export_bytes();
  REQUIRE(bytes.ok());
  for (std::size_t size = 0; size < bytes->size(); ++size) {
    CHECK(!Store::import_bytes(ByteSpan(bytes->data(), size)).ok());
  }
  auto again = Store::import_bytes(*bytes);
  REQUIRE(again.ok());
  CHECK(*again->export_bytes() == *bytes);
}
