// Typing and deleting in one pending message: runs become one op each, and nobody sees a
// difference.
#include <catch2/catch.hpp>
#include <string>

#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

std::string text_of(Document& document) { return value_at(document, "body"); }

Store store_with_text(const std::string& text) {
  Store store("a");
  edit(store, scene_op());
  commit(store, typed(0, text));
  return store;
}

/// What people do in a text, and now and then something else.
json random_edit(Random& random, std::size_t& at, std::size_t length) {
  const std::uint32_t what = random.below(100);
  if (what < 15) at = random.below(static_cast<std::uint32_t>(length) + 1);
  if (what < 20) return op_of("number.add", "n", 1);
  if (what < 60 || length == 0) {
    const char* const texts[] = {"a", "b", "\xc3\xa9", "\xf0\x9f\x98\x80", "long text"};
    const json op = typed(at, texts[random.below(5)]);
    at += 1;
    return op;
  }
  if (what < 80 && at > 0) return deleted(--at, 1);
  if (what < 90) return deleted(at, 1 + random.below(3));
  json op = typed(at, "new");
  op["ot"] = "text.replace";
  op["length"] = random.below(3);
  at += 3;
  return op;
}

}  // namespace

TEST_CASE("typing_straight_on_is_one_op") {
  Store store = store_with_text("start ");
  for (std::size_t i = 0; i < 40; ++i) edit(store, typed(6 + i, std::string(1, 'x')), 200.0 + i);
  REQUIRE(store.pending_count() == 1);
  const json op = json_of(store.pending())[0];
  CHECK(op["id"] == "a:6");
  CHECK(op["seq"] == 2);
  CHECK(op["ts"] == 200);
  CHECK(op["value"] == json::array({"a:5", std::string(40, 'x')}));
  edit(store, typed(3, "y"));
  CHECK(store.pending_count() == 2);
  edit(store, typed(5, "not behind it"));
  CHECK(store.pending_count() == 3);
  store.check();
}

TEST_CASE("typing_deletions_side_by_side_are_one_op") {
  Store store = store_with_text("0123456789");
  edit(store, deleted(5, 1));
  edit(store, deleted(4, 1));
  edit(store, deleted(4, 2));
  REQUIRE(store.pending_count() == 1);
  CHECK(json_of(store.pending())[0]["rm"] == json::array({json::array({"a:4", 4})}));
  edit(store, deleted(0, 1));
  CHECK(store.pending_count() == 2);
  CHECK(text_of(store.document()) == "12389");
  REQUIRE(store.cancel().ok());
  CHECK(text_of(store.document()) == "0123456789");
  store.check();
}

TEST_CASE("typing_stops_where_others_wrote_in_between") {
  Store store = store_with_text("ab");
  edit(store, typed(2, "x"));
  const json insert = insert_op("b:0", "a:0", "!", 9);
  take(store, message_of("b", 1, 2, 5, json::array({insert})));
  edit(store, typed(4, "y"));
  CHECK(store.pending_count() == 2);
  CHECK(text_of(store.document()) == "a!bxy");
}

TEST_CASE("typing_in_runs_gives_the_text_of_single_edits_on_every_replica") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Store joined = store_with_text("some text to begin with");
    Store single = store_with_text("some text to begin with");
    Document reader;
    REQUIRE(reader.receive_all(joined.unacked()).ok());
    std::size_t at = 0;
    for (int step = 0; step < 60; ++step) {
      const auto length = text_of(joined.document()).size();
      const json op = random_edit(random, at, length);
      edit(joined, op);
      edit(single, op);
      REQUIRE(single.commit(100).ok());
      REQUIRE(text_of(joined.document()) == text_of(single.document()));
      joined.check();
      if (random.percent(10)) {
        const std::string before = text_of(joined.document());
        const auto sent = joined.commit(100);
        REQUIRE(sent.ok());
        REQUIRE(reader.receive_all(*sent).ok());
        CHECK(text_of(reader) == before);
        CHECK(hex(reader.digest()) == hex(joined.digest()));
      }
      if (!random.percent(5)) continue;
      const auto undone = joined.undo(100);
      REQUIRE(undone.ok());
      REQUIRE(reader.receive_all(*undone).ok());
      const auto redone = joined.redo(100);
      REQUIRE(redone.ok());
      REQUIRE(reader.receive_all(*redone).ok());
      CHECK(text_of(joined.document()) == text_of(single.document()));
      CHECK(hex(reader.digest()) == hex(joined.digest()));
    }
  }
}
