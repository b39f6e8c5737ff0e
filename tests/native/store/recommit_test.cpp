// Edits whose ids somebody else used are committed again, with what later ones say of them.
#include <catch2/catch.hpp>

#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

std::string text_of(Store& store) { return value_at(store, "body"); }

}  // namespace

TEST_CASE("recommit_keeps_the_text_typed_under_reused_ids") {
  Store store("same");
  const json scene = commit(store, scene_op());
  REQUIRE(store.ack("same:1", 1, 1, kNoLine).ok());
  commit(store, typed(0, "hello"));
  edit(store, typed(5, " world"));
  commit(store, deleted(0, 1));
  const auto undo = store.undo(6);
  REQUIRE(undo.ok());
  edit(store, typed(5, "!"));
  CHECK(text_of(store) == "hello!");

  // Another store of the same name was faster: it used the units same:0..2 and the number 2.
  Store twin("same");
  take(twin, scene);
  edit(twin, typed(0, "abc"));
  edit(twin, set_op("lt", 1));
  json other = commit(twin);
  other["id"] = "same:twin";
  other["lt"] = 2;
  other["serverSeq"] = 2;
  const auto again = store.recommit("same:2", 3);
  REQUIRE(again.ok());
  REQUIRE(!again->empty());
  const Bytes messages(again->begin(), again->end());
  CHECK(text_of(store) == "hello!");
  CHECK(store.unacked_count() == 3);
  store.check();

  Document server;
  take(server, scene);
  take(server, other);
  const auto taken = server.receive_all(messages);
  REQUIRE(taken.ok());
  CHECK(*taken == 3);
  take(server, commit(store));
  take(store, other);
  CHECK(server.digest() == store.digest());
}

TEST_CASE("recommit_of_an_unknown_id_changes_nothing") {
  Store store("a");
  commit(store, scene_op());
  const Hash before = store.digest();
  const auto again = store.recommit("a:99", 0);
  REQUIRE(again.ok());
  CHECK(again->empty());
  CHECK(store.digest() == before);
}

TEST_CASE("recommit_takes_free_units_where_the_ids_are_claimed") {
  Store store("same");
  commit(store, scene_op());
  commit(store, typed(0, "mine"));
  json claimed = message_of("same", 1, 1, 1, json::array({insert_op("same:0", nullptr, "theirs")}));
  claimed["id"] = "same:x";
  claimed["serverSeq"] = 1;
  take(store, claimed);
  CHECK(text_of(store) == "theirs");
  REQUIRE(store.recommit("same:2", 2).ok());
  CHECK(text_of(store).find("mine") != std::string::npos);
  CHECK(text_of(store).find("theirs") != std::string::npos);
  store.check();
}
