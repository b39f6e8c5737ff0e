// What the door asks of text before it accepts a message, and positions turned into ids.
#include <catch2/catch.hpp>

#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

Message decoded(const json& message) {
  auto out = decode_message(msgpack_of(message), {}, Strictness::Door);
  if (!out.ok()) FAIL(out.error().text);
  return *out;
}

Message message_with(json ops) { return decoded(message_of("b", 1, 5, 50, std::move(ops))); }

/// A document with the text "abc" of a:0..2 and "x" of b:0 behind it.
Document document_with_text() {
  Document document;
  const json insert = insert_op("a:0", nullptr, "abc");
  take(document, message_of("a", 1, 1, 10, json::array({scene_op(), insert})));
  const json more = insert_op("b:0", "a:2", "x", 2);
  take(document, message_of("b", 9, 2, 10, json::array({more})));
  return document;
}

std::string verdict(Document& document, json ops) {
  const Hash before = document.digest();
  const Status status = document.admissible(message_with(std::move(ops)));
  CHECK(document.digest() == before);
  document.check();
  return status.ok() ? "admitted" : std::string(error_name(status.error().code));
}

}  // namespace

TEST_CASE("door_admits_known_anchors_and_those_of_the_same_message") {
  Document document = document_with_text();
  CHECK(verdict(document, json::array({insert_op("b:1", "a:1", "y")})) == "admitted");
  CHECK(verdict(document, json::array({insert_op("b:1", nullptr, "y")})) == "admitted");
  CHECK(verdict(document, json::array({insert_op("b:1", "b:0", "yz"),
                                       insert_op("b:3", "b:2", "w")})) == "admitted");
  CHECK(verdict(document, json::array()) == "admitted");
}

TEST_CASE("door_refuses_unknown_anchors_jumps_and_foreign_ids") {
  Document document = document_with_text();
  const std::string bad(error_name(ErrorCode::BadMessage));
  CHECK(verdict(document, json::array({insert_op("b:1", "a:3", "y")})) == bad);
  CHECK(verdict(document, json::array({insert_op("b:1", "z:0", "y")})) == bad);
  CHECK(verdict(document,
                json::array({insert_op("b:3", "b:2", "w"), insert_op("b:1", "b:0", "yz")})) == bad);
  CHECK(verdict(document, json::array({insert_op("a:3", "a:2", "y")})) == bad);
  CHECK(verdict(document, json::array({insert_op("b:1", nullptr, "y", kMaxJump + 2)})) ==
        "admitted");
  CHECK(verdict(document, json::array({insert_op("b:1", nullptr, "y", kMaxJump + 3)})) == bad);
  CHECK(verdict(document, json::array({insert_op("b:1048577", nullptr, "y")})) == "admitted");
  CHECK(verdict(document, json::array({insert_op("b:1048578", nullptr, "y")})) == bad);
}

TEST_CASE("door_refuses_units_that_were_inserted_before") {
  Document document = document_with_text();
  const std::string reused(error_name(ErrorCode::IdReused));
  CHECK(verdict(document, json::array({insert_op("b:0", nullptr, "y")})) == reused);
  CHECK(verdict(document, json::array({insert_op("b:1", nullptr, "yz"),
                                       insert_op("b:2", nullptr, "w")})) == reused);
  json elsewhere = insert_op("b:0", nullptr, "y");
  elsewhere["path"] = "label";
  CHECK(verdict(document, json::array({elsewhere})) == "admitted");
}

TEST_CASE("door_resolves_positions_as_the_fold_would_at_the_end_of_the_order") {
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Document resolving, folding;
    const json first = message_of("a", 1, 1, 10, json::array({scene_op()}));
    take(resolving, first);
    take(folding, first);
    for (std::uint64_t number = 1; number <= 25; ++number) {
      json ops = json::array();
      for (std::uint32_t i = 1 + random.below(3); i > 0; --i) ops.push_back(random_op(random));
      const char* client = random.percent(50) ? "b" : "c";
      Message message = decoded(message_of(client, number, number + 1, 20, ops));
      REQUIRE(folding.receive(message).ok());
      const bool had_position = message.has_position;
      const Hash before = resolving.digest();
      const auto changed = resolving.resolve_positions(message);
      REQUIRE(changed.ok());
      CHECK(*changed == had_position);
      CHECK(resolving.digest() == before);
      resolving.check();
      const Status admitted = resolving.admissible(message);
      if (!admitted.ok()) FAIL(admitted.error().text);
      Bytes bytes;
      encode_message(message, bytes);
      CHECK(!decode_message(bytes, {}, Strictness::Door)->has_position);
      REQUIRE(resolving.receive(ByteSpan(bytes)).ok());
      resolving.check();
      CHECK(hex(resolving.digest()) == hex(folding.digest()));
    }
    CHECK(json_of(resolving.graph()) == json_of(folding.graph()));
  }
}
