// Edits whose ids somebody else used are committed again, with what later ones say of them.
#include <catch2/catch.hpp>

#include "json_messages.hpp"
#include "vuer_rtc/store.hpp"

using namespace vuer_rtc;
using nlohmann::json;

namespace {

void edit(Store& store, const char* op) {
  REQUIRE(store.edit(ByteSpan(msgpack_of(parse_json(op))), 5).ok());
}

Bytes commit(Store& store) {
  const auto sent = store.commit(5);
  REQUIRE(sent.ok());
  return Bytes(sent->begin(), sent->end());
}

constexpr const char* kScene =
    R"({"ot":"node.insert","key":"","path":"children","value":{"key":"scene"}})";

std::string text_of(Store& store) {
  return json_of(ByteSpan(store.document().property("scene", "body"))).get<std::string>();
}

}  // namespace

TEST_CASE("recommit_keeps_the_text_typed_under_reused_ids") {
  Store store("same");
  edit(store, kScene);
  const Bytes scene = commit(store);
  REQUIRE(store.ack("same:1", 1, 1, kNoLine).ok());
  edit(store, R"({"ot":"text.insert","key":"scene","path":"body","position":0,"value":"hello"})");
  commit(store);
  edit(store, R"({"ot":"text.insert","key":"scene","path":"body","position":5,"value":" world"})");
  edit(store, R"({"ot":"text.delete","key":"scene","path":"body","position":0,"length":1})");
  commit(store);
  const auto undo = store.undo(6);
  REQUIRE(undo.ok());
  edit(store, R"({"ot":"text.insert","key":"scene","path":"body","position":5,"value":"!"})");
  CHECK(text_of(store) == "hello!");

  // Another store of the same name was faster: it used the units same:0..2 and the number 2.
  Store twin("same");
  REQUIRE(twin.receive(ByteSpan(scene)).ok());
  edit(twin, R"({"ot":"text.insert","key":"scene","path":"body","position":0,"value":"abc"})");
  edit(twin, R"({"ot":"number.set","key":"scene","path":"lt","value":1})");
  json other = json_of(ByteSpan(commit(twin)));
  other["id"] = "same:twin";
  other["lt"] = 2;
  other["serverSeq"] = 2;
  const auto again = store.recommit("same:2", 3);
  REQUIRE(again.ok());
  REQUIRE(!again->empty());
  const Bytes sent(again->begin(), again->end());
  CHECK(text_of(store) == "hello!");
  CHECK(store.unacked_count() == 3);
  store.check();

  Document server;
  REQUIRE(server.receive(ByteSpan(scene)).ok());
  const auto taken = server.receive_all(ByteSpan(sent));
  REQUIRE(taken.ok());
  CHECK(*taken == 3);
  REQUIRE(server.receive(ByteSpan(commit(store))).ok());
  CHECK(server.digest() == store.digest());
}

TEST_CASE("recommit_of_an_unknown_id_changes_nothing") {
  Store store("a");
  edit(store, kScene);
  commit(store);
  const Hash before = store.digest();
  const auto again = store.recommit("a:99", 0);
  REQUIRE(again.ok());
  CHECK(again->empty());
  CHECK(store.digest() == before);
}

TEST_CASE("recommit_takes_free_units_where_the_ids_are_claimed") {
  Store store("same");
  edit(store, kScene);
  commit(store);
  edit(store, R"({"ot":"text.insert","key":"scene","path":"body","position":0,"value":"mine"})");
  commit(store);
  const json claimed = {{"id", "same:x"},
                        {"client", "same"},
                        {"clock", {{"same", 1}}},
                        {"lt", 1},
                        {"ts", 1},
                        {"serverSeq", 1},
                        {"ops",
                         {{{"ot", "text.insert"},
                           {"key", "scene"},
                           {"path", "body"},
                           {"id", "same:0"},
                           {"value", {nullptr, "theirs"}},
                           {"seq", 1},
                           {"ts", 1}}}}};
  REQUIRE(store.receive(ByteSpan(msgpack_of(claimed))).ok());
  CHECK(text_of(store) == "theirs");
  REQUIRE(store.recommit("same:2", 2).ok());
  CHECK(text_of(store).find("mine") != std::string::npos);
  CHECK(text_of(store).find("theirs") != std::string::npos);
  store.check();
}
