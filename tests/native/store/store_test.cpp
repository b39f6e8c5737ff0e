// The public face of an author: what passes through it arrives, and a moved store is the same
// store.
#include "vuer_rtc/store.hpp"

#include <catch2/catch.hpp>

#include "mirror.hpp"
#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

TEST_CASE("store_says_who_it_is_and_where_it_stands") {
  Store store("\xc3\xa9:1");
  CHECK(store.client() == "\xc3\xa9:1");
  CHECK(store.lt() == 0);
  CHECK(store.clock().empty());
  CHECK_FALSE(store.can_undo());
  CHECK_FALSE(store.can_redo());
  CHECK(json_of(store.pending()) == json::array());
  edit(store, scene_op());
  CHECK(json_of(store.pending()) == json::array({scene_op()}));
  CHECK(store.pending_count() == 1);
  CHECK(store.can_undo());
  REQUIRE(store.cancel().ok());
  CHECK(store.pending_count() == 0);
  CHECK_FALSE(store.can_undo());
  CHECK(store.commit(100)->empty());
  CHECK(commit(store, scene_op())["id"] == "\xc3\xa9:1:1");
  CHECK(store.lt() == 1);
  CHECK(store.clock() == Clock{{"\xc3\xa9:1", 1}});
}

TEST_CASE("store_messages_in_a_row_reach_another_store") {
  Store north("n"), south("s");
  std::vector<json> all{commit(north, scene_op())};
  for (int i = 0; i < 3; ++i) all.push_back(commit(north, set_op("n", i)));
  CHECK(unacked(north) == all);
  const auto taken = south.receive_all(north.unacked());
  REQUIRE(taken.ok());
  CHECK(*taken == 4);
  CHECK(south.digest() == north.digest());
  CHECK(south.unacked_count() == 0);
  CHECK(take(south, all[2]) == Received::Duplicate);
}

TEST_CASE("store_tells_all_to_a_new_mirror_and_changes_to_an_old_one") {
  Store store("a");
  commit(store, scene_op());
  Mirror old, fresh;
  CHECK(store.can_take_changes());
  old.apply(store.take_changes());
  CHECK(store.take_changes().empty());
  commit(store, set_op("n", 4));
  fresh.apply(store.all_changes());
  CHECK(fresh.resets == 1);
  CHECK(fresh.graph() == json_of(store.document().graph()));
  commit(store, set_op("n", 5));
  fresh.apply(store.take_changes());
  CHECK(fresh.graph() == json_of(store.document().graph()));
  CHECK(fresh.resets == 1);
}

TEST_CASE("store_moved_in_memory_goes_on") {
  Store first("a");
  commit(first, scene_op());
  Store second(std::move(first));
  commit(second, set_op("n", 1));
  Store third("z");
  third = std::move(second);
  CHECK(third.client() == "a");
  CHECK(third.unacked_count() == 2);
  REQUIRE(third.undo(200).ok());
  CHECK(third.document().property("scene", "n").empty());
  CHECK(third.can_redo());
  third.check();
}

TEST_CASE("store_holds_the_limits_it_was_given") {
  Limits limits;
  limits.ops = 1;
  Store store("a", limits);
  edit(store, scene_op());
  const Status full = store.edit(msgpack_of(set_op("n", 1)), 100);
  REQUIRE_FALSE(full.ok());
  CHECK(full.error().code == ErrorCode::TooManyOps);
  const auto bytes = store.export_bytes();
  REQUIRE(bytes.ok());
  auto again = Store::import_bytes(*bytes, limits);
  REQUIRE(again.ok());
  CHECK(again->edit(msgpack_of(set_op("n", 1)), 100).error().code == ErrorCode::TooManyOps);
}

TEST_CASE("store_imports_nothing_that_was_not_exported") {
  CHECK_FALSE(Store::import_bytes(Bytes{}).ok());
  CHECK_FALSE(Store::import_bytes(Bytes{0x80}).ok());
  CHECK_FALSE(Store::import_bytes(msgpack_of({{"client", ""}})).ok());
  CHECK_FALSE(Store::import_bytes(msgpack_of({{"client", 5}})).ok());
  CHECK_FALSE(Store::import_bytes(msgpack_of({{"client", "a"}})).ok());
}
