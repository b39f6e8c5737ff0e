// A document behind its public header: what it answers, what it refuses, and that a refusal changes
// nothing.
#include "vuer_rtc/document.hpp"

#include <catch2/catch.hpp>

#include "random_history.hpp"
#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json scene_message() { return message_of("a", 1, 1, 10, json::array({scene_op()})); }

/// The name of the error; the document must be as it was.
std::string refusal(Document& document, const Bytes& message) {
  const Hash before = document.digest();
  const Bytes journal = document.journal();
  const auto received = document.receive(ByteSpan(message));
  document.check();
  CHECK(document.digest() == before);
  CHECK(document.journal() == journal);
  return received.ok() ? "" : std::string(error_name(received.error().code));
}

}  // namespace

TEST_CASE("document_takes_a_message_once") {
  Document document;
  CHECK(take(document, scene_message()) == Received::Applied);
  CHECK(take(document, scene_message()) == Received::Duplicate);
  json copy = scene_message();
  copy["lt"] = 9;
  copy["serverSeq"] = 3;
  CHECK(take(document, copy) == Received::Duplicate);
  CHECK(document.journal_length() == 1);
  CHECK(document.lt() == 1);
  REQUIRE(document.raise_line(1).ok());
  CHECK(take(document, scene_message()) == Received::Folded);
  CHECK(take(document, message_of("b", 1, 1, 5, json::array())) == Received::Folded);
  CHECK(take(document, message_of("b", 1, 2, 5, json::array())) == Received::Applied);
}

TEST_CASE("document_refuses_and_stays_as_it_was") {
  Document document;
  take(document, scene_message());
  json other = scene_message();
  other["ts"] = 11;
  CHECK(refusal(document, msgpack_of(other)) == error_name(ErrorCode::IdReused));
  json broken = message_of("b", 1, 5, 5, json::array({set_op("n", 1)}));
  broken["lt"] = -1;
  CHECK(refusal(document, msgpack_of(broken)) == error_name(ErrorCode::BadMessage));
  Bytes trailing = msgpack_of(message_of("b", 1, 5, 5, json::array()));
  trailing.push_back(0xc0);
  CHECK(refusal(document, trailing) == error_name(ErrorCode::BadMessage));
  CHECK(refusal(document, {}) == error_name(ErrorCode::BadMessage));
  CHECK(refusal(document, Bytes(10, 0xff)) == error_name(ErrorCode::BadMessage));
  json deep = 1;
  for (int i = 0; i < 3000; ++i) deep = json::array({deep});
  CHECK(refusal(document, msgpack_of(message_of("b", 1, 5, 5, json::array({set_op("n", deep)})))) ==
        error_name(ErrorCode::TooDeep));
}

TEST_CASE("document_takes_messages_in_a_row_up_to_the_first_fault") {
  Document document;
  Bytes bytes = msgpack_of(scene_message());
  const auto append = [&](const json& message) {
    const Bytes more = msgpack_of(message);
    bytes.insert(bytes.end(), more.begin(), more.end());
  };
  append(message_of("b", 1, 2, 5, json::array({set_op("n", 4)})));
  const auto both = document.receive_all(bytes);
  REQUIRE(both.ok());
  CHECK(*both == 2);
  Document second;
  append(json{{"id", ""}});
  append(message_of("b", 2, 3, 5, json::array({set_op("n", 5)})));
  const auto stopped = second.receive_all(bytes);
  REQUIRE_FALSE(stopped.ok());
  CHECK(second.journal_length() == 2);
  CHECK(second.digest() == document.digest());
  second.check();
  REQUIRE(second.receive_all({}).ok());
}

TEST_CASE("document_takes_a_decoded_message_as_its_bytes") {
  Document from_bytes, decoded;
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    Random random(seed);
    for (const json& message : random_history(random, 20, true)) {
      const Bytes bytes = msgpack_of(message);
      const auto read = decode_message(bytes, Limits{});
      REQUIRE(read.ok());
      const auto one = from_bytes.receive(ByteSpan(bytes));
      const auto other = decoded.receive(*read);
      REQUIRE(one.ok() == other.ok());
      if (one.ok()) CHECK(*one == *other);
    }
    INFO("seed " << seed);
    CHECK(from_bytes.digest() == decoded.digest());
    CHECK(from_bytes.journal() == decoded.journal());
  }
}

TEST_CASE("document_gives_its_journal_in_total_order_and_as_it_came") {
  Document document;
  const json first = scene_message();
  json second = message_of("b", 1, 2, 5, json::array({set_op("n", 1)}));
  second["serverSeq"] = 8;
  second["stable"] = 0;
  const json third = message_of("a", 2, 2, 5, json::array());
  for (const json& message : {second, third, first}) take(document, message);
  CHECK(json_of(document.journal()) == json::array({first, third, second}));
  Document again;
  Bytes bytes = document.journal();
  MsgReader reader{ByteSpan(bytes)};
  std::uint32_t count = 0;
  REQUIRE(reader.read_array(count));
  CHECK(count == document.journal_length());
  REQUIRE(again.receive_all(ByteSpan(reader.position(), bytes.data() + bytes.size())).ok());
  CHECK(again.digest() == document.digest());
}

TEST_CASE("document_says_what_it_holds") {
  Document document;
  CHECK(document.lt() == 0);
  CHECK(document.stable() == kNoLine);
  CHECK(document.clock().empty());
  CHECK(document.node_count() == 0);
  take(document, scene_message());
  take(document, message_of("\xc3\xa9", 4, 7, 5, json::array({set_op("n", 1.5)})));
  take(document, message_of("b", 3, 5, 5, json::array({set_op("o", {{"a", 1}})})));
  CHECK(document.lt() == 7);
  CHECK(document.clock() == Clock{{"a", 1}, {"b", 3}, {"\xc3\xa9", 4}});
  CHECK(document.node_count() == 1);
  CHECK(json_of(document.property("scene", "n")) == 1.5);
  CHECK(json_of(document.property("scene", "o")) == json{{"a", 1}});
  CHECK(document.property("scene", "nothing").empty());
  CHECK(document.property("nobody", "n").empty());
  REQUIRE(document.raise_line(99).ok());
  CHECK(document.stable() == 7);  // never above the highest lt
  CHECK(document.journal_index() == 3);
  CHECK(document.journal_length() == 0);
  CHECK(document.clock().size() == 3);
}

TEST_CASE("document_starts_over_from_a_snapshot_and_only_from_a_good_one") {
  Document source, document;
  take(source, scene_message());
  take(source, message_of("b", 1, 2, 5, json::array({set_op("n", 4)})));
  REQUIRE(source.raise_line(2).ok());
  take(document, message_of("z", 1, 9, 5, json::array()));
  const Bytes journal = document.journal();
  CHECK(document.load(Bytes{0x80}).error().code == ErrorCode::BadSnapshot);
  CHECK(document.journal() == journal);
  const auto snapshot = source.snapshot();
  REQUIRE(snapshot.ok());
  REQUIRE(document.load(*snapshot).ok());
  document.check();
  CHECK(document.digest() == source.digest());
  CHECK(document.journal_length() == 0);
  CHECK(document.stable() == 2);
  CHECK(document.lt() == 2);
  const json more = message_of("b", 2, 3, 5, json::array({set_op("n", 5)}));
  CHECK(take(document, more) == take(source, more));
  CHECK(document.digest() == source.digest());
}

TEST_CASE("document_moved_in_memory_is_the_same_document") {
  Document first;
  take(first, scene_message());
  const Hash digest = first.digest();
  Document second(std::move(first));
  CHECK(second.digest() == digest);
  Document third;
  third = std::move(second);
  CHECK(third.digest() == digest);
  CHECK(take(third, scene_message()) == Received::Duplicate);
}
