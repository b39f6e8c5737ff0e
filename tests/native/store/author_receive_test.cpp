// What comes in from the connection: copies of own messages, lines, refusals, and the bound on the
// history where there is no server.
#include <catch2/catch.hpp>

#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json add_op(const char* path, int value) { return op_of("number.add", path, value); }

json stamped(json message, std::uint64_t server_seq, std::int64_t stable) {
  message["serverSeq"] = server_seq;
  message["stable"] = stable;
  return message;
}

/// A message of one set, written without JSON: there are many.
Bytes quick_message(const std::string& client, std::uint64_t number, std::uint64_t lt) {
  Bytes out;
  MsgWriter w(out);
  w.map(6);
  w.string("id"), w.string(client + ":" + std::to_string(lt));
  w.string("client"), w.string(client);
  w.string("clock"), w.map(1), w.string(client), w.number(static_cast<double>(number));
  w.string("lt"), w.number(static_cast<double>(lt));
  w.string("ts"), w.number(5);
  w.string("ops"), w.array(1), w.map(4);
  w.string("ot"), w.string("number.set");
  w.string("key"), w.string("scene");
  w.string("path"), w.string("n");
  w.string("value"), w.number(static_cast<double>(lt % 1000));
  return out;
}

constexpr std::uint64_t kBound = 100'000;

/// A store that has heard of so many messages that it folded the oldest ones by itself.
Store store_beyond_its_bound() {
  Store store("w");
  take(store, message_of("q", 1, 1, 5, json::array({scene_op()})));
  for (std::uint64_t lt = 2; lt <= kBound + 1; ++lt)
    REQUIRE(store.receive(ByteSpan(quick_message("q", lt, lt))).ok());
  return store;
}

}  // namespace

TEST_CASE("author_takes_the_server_s_copy_of_an_own_message_as_its_ack") {
  Store store("a");
  const json scene = commit(store, scene_op());
  const json second = commit(store, set_op("n", 1));
  CHECK(take(store, scene) == Received::Duplicate);
  CHECK(store.unacked_count() == 2);  // not stamped: nobody has accepted it
  json moved = stamped(scene, 1, kNoLine);
  moved["lt"] = 6;
  CHECK(take(store, moved) == Received::Duplicate);
  REQUIRE(store.unacked_count() == 1);
  CHECK(unacked(store)[0]["id"] == second["id"]);
  CHECK(unacked(store)[0]["lt"] == 7);
  CHECK(take(store, moved) == Received::Duplicate);
  json foreign = second;
  foreign["ops"][0]["value"] = 2;
  const auto refused = store.receive(ByteSpan(msgpack_of(stamped(foreign, 2, kNoLine))));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::IdReused);
  CHECK(store.unacked_count() == 1);
  CHECK(value_at(store, "n") == 1);
  store.check();
}

TEST_CASE("author_shows_pending_edits_above_whatever_arrives") {
  Store store("a");
  commit(store, scene_op());
  edit(store, add_op("n", 1));
  CHECK(value_at(store, "n") == 1);
  take(store, message_of("z", 1, 50, 5, json::array({set_op("n", 10)})));
  CHECK(value_at(store, "n") == 11);
  take(store, message_of("b", 1, 1, 5, json::array({add_op("n", 100)})));
  CHECK(value_at(store, "n") == 11);
  CHECK(commit(store)["lt"] == 51);
  CHECK(value_at(store, "n") == 11);
}

TEST_CASE("author_refuses_messages_and_acks_that_make_no_sense_and_stays_as_it_was") {
  Store store("a");
  const json scene = commit(store, scene_op());
  const Hash before = store.digest();
  Bytes trailing = msgpack_of(message_of("b", 1, 5, 5, json::array()));
  trailing.push_back(0x01);
  CHECK(store.receive(ByteSpan(trailing)).error().code == ErrorCode::BadMessage);
  CHECK(store.receive(ByteSpan()).error().code == ErrorCode::BadMessage);
  const Status far = store.ack(scene["id"].get<std::string>(), kMaxInteger + 1, 1, kNoLine);
  REQUIRE_FALSE(far.ok());
  CHECK(far.error().code == ErrorCode::BadMessage);
  CHECK(store.unacked_count() == 1);
  CHECK(store.digest() == before);
  Bytes two = msgpack_of(message_of("b", 1, 5, 5, json::array({set_op("n", 1)})));
  two.push_back(0xc1);
  CHECK_FALSE(store.receive_all(two).ok());
  CHECK(value_at(store, "n") == 1);  // those before the fault were taken
  store.check();
}

TEST_CASE("author_drops_an_own_message_that_was_accepted_below_what_it_folded") {
  Store store("a");
  const json scene = commit(store, scene_op());
  take(store, stamped(message_of("b", 1, 9, 5, json::array()), 1, kNoLine));
  take(store, stamped(message_of("b", 2, 12, 5, json::array()), 2, 9));
  REQUIRE(store.compact().ok());
  CHECK(store.document().stable() == 9);
  REQUIRE(unacked(store).size() == 1);
  CHECK(unacked(store)[0]["lt"] == 13);  // lifted above everything
  REQUIRE(store.ack(scene["id"].get<std::string>(), 4, 3, 9).ok());
  CHECK(store.unacked_count() == 0);
  CHECK(store.document().node_count() == 0);  // it is in the server's snapshot
  store.check();
}

TEST_CASE("author_s_own_message_from_elsewhere_can_be_undone_in_its_order") {
  Store store("a");
  take(store, message_of("a", 1, 1, 5, json::array({scene_op()})));
  take(store, message_of("a", 3, 5, 5, json::array({set_op("n", 3)})));
  take(store, message_of("a", 2, 3, 5, json::array({set_op("n", 2)})));
  CHECK(store.unacked_count() == 0);
  REQUIRE(store.undo(100).ok());
  CHECK(value_at(store, "n") == 2);
  REQUIRE(store.undo(100).ok());
  CHECK(value_at(store, "n").is_null());
  CHECK(store.unacked_count() == 2);
  store.check();
}

TEST_CASE("author_orders_what_arrives_after_its_only_message_was_refused") {
  Store store("a");
  take(store, message_of("z", 1, 30, 5, json::array({scene_op()})));
  REQUIRE(store.compact().ok());
  Store fresh("a");
  edit(fresh, scene_op());
  fresh.document();
  const json own = commit(fresh, set_op("n", 1));
  REQUIRE(fresh.ack(own["id"].get<std::string>(), 40, 1, kNoLine).ok());
  const json second = commit(fresh, set_op("n", 2));
  REQUIRE(fresh.reject(second["id"].get<std::string>()).ok());
  for (const std::uint64_t lt : {45u, 43u, 44u})
    take(fresh, message_of("b", lt, lt, 5, json::array({set_op("n", static_cast<int>(lt))})));
  CHECK(value_at(fresh, "n") == 45);
  take(fresh, message_of("c", 1, 60, 5, json::array({meta_op("meta.undo", "b:45")})));
  CHECK(value_at(fresh, "n") == 44);
}

TEST_CASE("author_rejects_around_what_was_acknowledged_out_of_turn") {
  Store store("a");
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(commit(store, i == 0 ? scene_op() : set_op("n", i))["id"]);
  REQUIRE(store.ack(ids[2], 3, 1, kNoLine).ok());
  REQUIRE(store.ack(ids[4], 5, 2, kNoLine).ok());
  REQUIRE(store.reject(ids[1]).ok());
  store.check();
  const auto left = unacked(store);
  REQUIRE(left.size() == 2);
  CHECK(left[0]["clock"]["a"] == 1);
  CHECK(left[1]["clock"]["a"] == 3);
  // The server counted up to the fifth.
  CHECK(commit(store, set_op("n", 9))["clock"]["a"] == 6);
  REQUIRE(store.reject(ids[3]).ok());
  store.check();
  CHECK(unacked(store).size() == 2);
}

TEST_CASE("author_without_a_server_keeps_history_up_to_a_bound") {
  Store store = store_beyond_its_bound();
  const auto line = static_cast<std::uint64_t>(store.document().stable());
  CHECK(line > 1);
  CHECK(store.document().journal_length() <= kBound);
  CHECK(store.document().journal_length() >= kBound * 8 / 10);
  CHECK(value_at(store, "n") == (kBound + 1) % 1000);
  // Below the bound: on top, by comparing with the last writer.
  CHECK(take(store, message_of("b", 1, 2, 5, json::array({set_op("n", -1), set_op("m", -2)}))) ==
        Received::OnTop);
  CHECK(value_at(store, "n") == (kBound + 1) % 1000);
  CHECK(value_at(store, "m") == -2);
  CHECK(take(store, message_of("c", 1, 3, 5, json::array({add_op("m", 5)}))) == Received::OnTop);
  CHECK(value_at(store, "m") == 3);
  CHECK(take(store, message_of("b", 2, 3, 5, json::array({set_op("m", 7)}))) == Received::OnTop);
  CHECK(value_at(store, "m") == 7);
  CHECK(take(store, message_of("a", 1, 1, 5, json::array({set_op("m", 8)}))) == Received::OnTop);
  CHECK(value_at(store, "m") == 7);
  // A copy of what was folded is known by its author's number.
  CHECK(*store.receive(ByteSpan(quick_message("q", 2, 2))) == Received::Folded);
  CHECK(*store.receive(ByteSpan(quick_message("q", line, line))) == Received::Folded);
  CHECK(*store.receive(ByteSpan(quick_message("q", line + 1, line + 1))) == Received::Duplicate);
  store.check();
}

TEST_CASE("author_with_a_server_folds_nothing_by_itself") {
  Store store("w");
  take(store, stamped(message_of("q", 1, 1, 5, json::array({scene_op()})), 1, kNoLine));
  for (std::uint64_t lt = 2; lt <= kBound + 10; ++lt)
    REQUIRE(store.receive(ByteSpan(quick_message("q", lt, lt))).ok());
  CHECK(store.document().stable() == kNoLine);
  CHECK(store.document().journal_length() == kBound + 10);
}

TEST_CASE("author_stays_above_a_line_that_no_message_reached") {
  Store store("w");
  const json first = commit(store, scene_op());
  store.learn(0, 50);
  REQUIRE(store.compact().ok());
  CHECK(store.document().stable() == 50);
  const std::vector<json> lifted = unacked(store);
  REQUIRE(lifted.size() == 1);
  CHECK(lifted[0]["lt"] > 50);
  CHECK(commit(store, set_op("n", 1))["lt"] > lifted[0]["lt"]);
  const auto exported = store.export_bytes();
  REQUIRE(exported.ok());
  CHECK(Store::import_bytes(*exported).ok());
}
