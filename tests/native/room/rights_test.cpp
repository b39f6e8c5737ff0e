// What each right allows: messages of every kind of op, presence, offers, relaying, renewal.
#include "room/rights.hpp"

#include <catch2/catch.hpp>

#include "op_vectors.hpp"
#include "room/room_probe.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

constexpr std::size_t kAttempts = 50;

Join joining_with(const std::string& client, Right right) {
  Join join = joining(client, false);
  join.right = right;
  return join;
}

/// Every op of this kind in its vectors, wherever it stands in them.
void collect(const json& value, const std::string& kind, std::vector<json>& out) {
  if (value.is_object() && value.value("ot", json()) == kind) out.push_back(value);
  if (!value.is_structured()) return;
  for (const json& inner : value) collect(inner, kind, out);
}

std::vector<json> ops_of(const std::string& kind) {
  std::vector<json> found;
  collect(cases_of(kind), kind, found);
  REQUIRE_FALSE(found.empty());
  return found;
}

/// A room with a writer on connection 1 and a reader on 2.
struct Audience {
  Audience() {
    server.join(1, joining_with("alice", Right::Write));
    server.join(2, joining_with("bob", Right::Read));
    server.crdt(1, pack(words("alice", 1, 1, {insert_node("n")})));
    server.take();
  }
  InstantRoom server;
};

AuthFrame renewed(Right right) { return {"", right}; }

}  // namespace

TEST_CASE("rights_reader_writes_nothing_with_any_kind_of_op") {
  for (const std::string& kind : registered_operations()) {
    INFO(kind);
    Audience room;
    const Hash before = *room.server.room().digest();
    const auto stored = room.server.disk().entries;
    const std::vector<json> ops = ops_of(kind);
    for (std::size_t i = 0; i < kAttempts; ++i) {
      json message = words("bob", i + 1, i + 2, {ops[i % ops.size()]});
      if (i % 2 == 1) message["ops"].push_back(insert_node("m"));
      room.server.crdt(2, pack(message));
      const auto heard = room.server.take();
      REQUIRE(told(heard, 1).empty());
      const auto frames = told(heard, 2);
      REQUIRE(frames.size() == 1);
      REQUIRE(frames[0]["code"] == "read_only");
      REQUIRE(frames[0]["final"] == true);
      REQUIRE(frames[0]["msgId"] == message["id"]);
    }
    CHECK(*room.server.room().digest() == before);
    CHECK(room.server.room().server_seq() == 1);
    CHECK(room.server.disk().entries == stored);
  }
}

TEST_CASE("rights_writer_writes_with_every_kind_of_op") {
  for (const std::string& kind : registered_operations()) {
    INFO(kind);
    Audience room;
    room.server.receive(2, renewed(Right::Write));
    std::size_t accepted = 0;
    std::uint64_t number = 0;
    for (const json& op : ops_of(kind)) {
      ++number;
      room.server.crdt(2, pack(words("bob", number, number + 1, {op})));
      for (const json& frame : told(room.server.take(), 2)) accepted += frame["mtype"] == "ack";
    }
    CHECK(accepted > 0);
  }
}

TEST_CASE("rights_are_told_with_the_state") {
  for (const Right right : {Right::Read, Right::Write, Right::Admin, Right::Relay}) {
    InstantRoom server;
    server.join(1, joining_with("alice", right));
    CHECK(told(server.take(), 1)[0]["rights"] == right_name(right));
    CHECK(right_named(right_name(right)) == right);
  }
  CHECK_FALSE(right_named("owner"));
}

TEST_CASE("rights_reader_sets_no_presence") {
  Audience room;
  room.server.receive(2, PresenceFrame{pack({{"cursor", 1}})});
  room.server.advance(100);
  const auto heard = room.server.take();
  CHECK(told(heard, 1).empty());
  REQUIRE(told(heard, 2).size() == 1);
  CHECK(told(heard, 2)[0]["code"] == "read_only");
  room.server.receive(1, PresenceFrame{pack({{"cursor", 1}})});
  room.server.advance(100);
  CHECK(told(room.server.take(), 2)[0]["mtype"] == "presence");
}

TEST_CASE("rights_reader_is_asked_for_nothing_it_offers") {
  Audience room;
  room.server.receive(2, OfferFrame{{"carol:1"}});
  const auto frames = told(room.server.take(), 2);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["mtype"] == "want");
  CHECK(frames[0]["ids"].empty());
  room.server.crdt(2, pack(words("carol", 1, 2)));
  CHECK(told(room.server.take(), 2)[0]["code"] == "read_only");
}

TEST_CASE("rights_reader_reads_by_sync_and_heartbeat") {
  Audience room;
  room.server.receive(2, SyncCheckFrame{pack("r")});
  CHECK(told(room.server.take(), 2)[0]["mtype"] == "sync-status");
  room.server.receive(2, HeartbeatFrame{});
  CHECK(told(room.server.take(), 2)[0]["serverSeq"] == 1);
  room.server.receive(2, SyncFrame{});
  CHECK(told(room.server.take(), 2).size() == 2);
}

TEST_CASE("rights_only_relay_speaks_for_others_and_nobody_for_the_server") {
  for (const Right right : {Right::Write, Right::Admin, Right::Relay}) {
    InstantRoom server;
    server.join(1, joining_with("bridge", right));
    server.take();
    server.crdt(1, pack(words("carol", 1, 1, {insert_node("n")})));
    const auto frames = told(server.take(), 1);
    CHECK(frames[0]["mtype"] == (right == Right::Relay ? "ack" : "error"));
    server.crdt(1, pack(words(std::string(kServerAuthor), 1, 2)));
    CHECK(told(server.take(), 1)[0]["code"] == "forbidden");
  }
}

TEST_CASE("rights_relay_is_told_the_number_expected_of_the_author") {
  InstantRoom server;
  Join join = joining("bridge");
  join.right = Right::Relay;
  server.join(1, join);
  server.crdt(1, pack(words("carol", 1, 1, {insert_node("n")})));
  server.take();
  server.crdt(1, pack(words("carol", 5, 5)));
  const auto frames = told(server.take(), 1);
  CHECK(frames[0]["code"] == "gap");
  CHECK(frames[0]["expected"] == 2);
}

TEST_CASE("rights_change_with_a_newer_token_from_the_next_message_on") {
  Audience room;
  room.server.receive(1, renewed(Right::Read));
  room.server.crdt(1, pack(words("alice", 2, 2)));
  CHECK(told(room.server.take(), 1)[0]["code"] == "read_only");
  room.server.receive(2, renewed(Right::Write));
  room.server.crdt(2, pack(words("bob", 1, 2)));
  CHECK(told(room.server.take(), 2)[0]["mtype"] == "ack");
}

TEST_CASE("room_answers_a_refused_frame_with_its_id_and_when_to_send_it_again") {
  Pair pair;
  pair.server.room().refuse(1, Encoding::MessagePack,
                            Refusal(make_error(ErrorCode::RateLimited), "alice:7", 250));
  pair.server.crdt(2, pack(words("bob", 1, 1, {insert_node("n")})));
  const auto frames = told(pair.server.take(), 1);
  REQUIRE_FALSE(frames.empty());
  CHECK(frames[0]["code"] == "rate_limited");
  CHECK(frames[0]["msgId"] == "alice:7");
  CHECK(frames[0]["final"] == false);
  CHECK(frames[0]["retryAfter"] == 250);
}

TEST_CASE("room_refuses_a_message_in_the_name_of_another_clients_next_one") {
  Pair pair;
  json squatting = words("alice", 1, 1);
  squatting["id"] = "bob:2";
  const json answer = pair.say(1, squatting)[0];
  CHECK(answer["code"] == "forbidden");
  CHECK(answer["final"] == true);
  CHECK(pair.say(2, words("bob", 1, 2))[0]["mtype"] == "ack");
}

TEST_CASE("room_takes_ids_of_any_other_form") {
  Pair pair(RoomOptions{}, false);
  std::uint64_t number = 0;
  for (const std::string id : {"6f1c", "alice:late", "x:", ":", "bob:2a", "alice:77"}) {
    ++number;
    json message = words("alice", number, number);
    message["id"] = id;
    CHECK(pair.say(1, message)[0]["mtype"] == "ack");
  }
}
