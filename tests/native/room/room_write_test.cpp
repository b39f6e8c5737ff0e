// What the server itself writes, and what a client is told of the journal.
#include <catch2/catch.hpp>

#include "room/room_probe.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

Result<AcceptedMessage> write(Pair& pair, const json& message) {
  Result<AcceptedMessage> told = make_error(ErrorCode::Internal, "nothing was told");
  pair.server.room().write(pack(message), [&](Result<AcceptedMessage> result) { told = result; });
  pair.server.advance(1);
  return told;
}

json node() { return {{"ops", json::array({insert_node("n")})}}; }

}  // namespace

TEST_CASE("room_write_reaches_everybody_as_crdt_and_the_oldest_dialect_as_message") {
  Pair pair;
  Join old = joining("old", false);
  old.legacy = true;
  pair.server.join(3, old);
  pair.server.take();
  const auto ack = write(pair, node());
  REQUIRE(ack.ok());
  CHECK(ack->server_seq == 1);
  const auto heard = pair.server.take();
  CHECK(told(heard, 1)[0]["mtype"] == "crdt");
  CHECK(told(heard, 2)[0]["msg"]["client"] == "$server");
  CHECK(told(heard, 3)[0]["mtype"] == "message");
}

TEST_CASE("room_write_is_told_what_is_wrong_and_nothing_changes") {
  Pair pair;
  CHECK(write(pair, {{"ops", 7}}).error().code == ErrorCode::BadMessage);
  CHECK(write(pair, words("alice", 1, 1)).error().code == ErrorCode::Forbidden);
  CHECK(write(pair, json::array()).error().code == ErrorCode::BadMessage);
  CHECK(pair.server.room().server_seq() == 0);
  CHECK(pair.server.take().empty());
}

TEST_CASE("room_write_numbers_on_after_a_restart_and_a_clear") {
  Pair pair;
  REQUIRE(write(pair, node()).ok());
  pair.server.restart();
  CHECK(write(pair, node())->id == "$server:2");
  pair.server.room().clear("later");
  pair.server.advance(1);
  const auto after = write(pair, node());
  REQUIRE(after.ok());
  CHECK(after->server_seq == 1);
}

TEST_CASE("room_write_hears_of_a_commit_that_failed") {
  Pair pair;
  Room& room = pair.server.room();
  std::vector<ErrorCode> told;
  const auto note = [&](Result<AcceptedMessage> result) { told.push_back(result.error().code); };
  room.write(pack(node()), note);
  room.take_actions({});
  room.write(pack(node()), note);  // waits for the commit under way
  room.on_commit_failed();
  CHECK(told == std::vector<ErrorCode>{ErrorCode::Storage, ErrorCode::Storage});
  room.write(pack(node()), note);
  CHECK(told.size() == 3);
}

TEST_CASE("room_tells_its_history_page_by_page") {
  Pair pair;
  for (std::uint64_t i = 1; i <= 5; ++i) pair.say(1, words("alice", i, i));
  HistoryFrame frame;
  frame.request_id = pack("r");
  frame.before = 5;
  frame.limit = 2;
  pair.server.receive(2, frame);
  const json answer = told(pair.server.take(), 2).at(0);
  CHECK(answer["mtype"] == "history");
  CHECK(answer["requestId"] == "r");
  REQUIRE(answer["entries"].size() == 2);
  CHECK(answer["entries"][0]["serverSeq"] == 3);
  CHECK(
      answer["entries"][1] ==
      json{{"serverSeq", 4}, {"msgId", "alice:4"}, {"client", "alice"}, {"ts", 1004}, {"ops", 1}});
}

TEST_CASE("room_acknowledges_a_repeat_of_what_it_asked_for") {
  Pair pair;
  pair.server.receive(2, OfferFrame{{"alice:1"}});
  CHECK(told(pair.server.take(), 2)[0]["ids"] == json::array({"alice:1"}));
  CHECK(pair.say(2, words("alice", 1, 1)).back()["mtype"] == "ack");
  CHECK(pair.say(2, words("alice", 1, 1)).back()["mtype"] == "ack");
  CHECK(pair.say(2, words("alice", 2, 2)).back()["code"] == "forbidden");
}
