// Nothing is told before it is on disk: a room whose commits are in the test's hand.
#include <catch2/catch.hpp>

#include "room/room_probe.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

/// A message of alice under an id that says nothing about its number.
json odd_words(const std::string& id, std::uint64_t number) {
  json message = words("alice", number, number);
  message["id"] = id;
  return message;
}

/// Takes the room's actions apart: frames and closes on one side, what the disk is asked on the
/// other.
struct Held {
  explicit Held(const RoomOptions& options = {}) {
    auto loaded = Room::load({}, "epoch", options);
    REQUIRE(loaded.ok());
    room = std::move(*loaded);
    for (ConnectionId id : {1, 2}) room->join(id, joining(id == 1 ? "alice" : "bob"));
    step();
    sent.clear();
  }
  void say(ConnectionId from, const json& message) {
    room->receive(from, Encoding::MessagePack, CrdtFrame{pack(message)}, {});
  }
  void step() {
    for (Action& action : room->take_actions({})) {
      if (auto* commit = std::get_if<Commit>(&action)) commits.push_back(std::move(commit->write));
      if (auto* recall = std::get_if<Recall>(&action)) recalls.push_back(std::move(recall->ids));
      if (auto* close = std::get_if<Close>(&action))
        sent.push_back({close->connection, nullptr, close->code});
      if (auto* send = std::get_if<Send>(&action)) {
        for (const Recipient& to : send->to) sent.push_back({to.connection, send->frame, 0});
      }
    }
  }
  std::unique_ptr<Room> room;
  std::vector<LogWrite> commits;
  std::vector<std::vector<std::string>> recalls;
  std::vector<Delivered> sent;
};

}  // namespace

TEST_CASE("room_tells_nobody_before_the_commit") {
  Held held;
  held.say(1, words("alice", 1, 1));
  held.step();
  REQUIRE(held.commits.size() == 1);
  CHECK(held.sent.empty());
  CHECK(held.room->committed_seq() == 0);
  held.room->on_committed({});
  held.step();
  CHECK(told(held.sent, 1)[0]["mtype"] == "ack");
  CHECK(told(held.sent, 2)[0]["mtype"] == "broadcast");
  CHECK(held.room->committed_seq() == 1);
}

TEST_CASE("room_gathers_what_arrives_during_a_commit_into_the_next") {
  Held held;
  held.say(1, words("alice", 1, 1));
  held.step();
  held.say(1, words("alice", 2, 2));
  held.say(2, words("bob", 1, 3));
  held.step();
  CHECK(held.commits.size() == 1);
  held.room->on_committed({});
  held.step();
  REQUIRE(held.commits.size() == 2);
  const auto& batch = std::get<LogAppend>(held.commits[1]);
  CHECK(batch.first_seq == 2);
  CHECK(batch.last_seq == 3);
  CHECK(batch.entries.size() == 2);
  CHECK(batch.authors.size() == 2);
}

TEST_CASE("room_answers_questions_about_what_is_on_disk_only") {
  Held held;
  held.say(1, words("alice", 1, 1));
  held.step();
  held.room->join(3, joining("carol"));
  held.room->receive(2, Encoding::MessagePack, SyncCheckFrame{pack(1)}, {});
  std::uint64_t asked = 99;
  held.room->ask([&](Room* room) { asked = room->committed_seq(); });
  held.step();
  CHECK(held.sent.empty());
  CHECK(asked == 99);
  held.room->on_committed({});
  held.step();
  CHECK(asked == 1);
  CHECK(told(held.sent, 3)[0]["serverSeq"] == 1);
  CHECK(told(held.sent, 2)[1]["status"]["serverSeq"] == 1);
}

TEST_CASE("room_answers_heartbeats_and_presence_during_a_commit") {
  Held held;
  held.say(1, words("alice", 1, 1));
  held.step();
  held.room->receive(2, Encoding::MessagePack, HeartbeatFrame{}, {});
  held.room->receive(2, Encoding::MessagePack, PresenceFrame{pack(5)}, {});
  held.step();
  CHECK(told(held.sent, 2)[0]["serverSeq"] == 0);
  CHECK(told(held.sent, 1)[0]["mtype"] == "presence");
}

TEST_CASE("room_acks_a_repeat_in_the_same_batch_after_the_commit") {
  Held held;
  held.say(1, words("alice", 1, 1));
  held.say(1, words("alice", 1, 1));
  held.step();
  CHECK(held.sent.empty());
  held.room->on_committed({});
  held.step();
  CHECK(told(held.sent, 1).size() == 2);
}

TEST_CASE("room_closes_a_batch_at_its_size") {
  RoomOptions options;
  options.batch_bytes = 1;
  Held held(options);
  held.say(1, words("alice", 1, 1));
  held.say(1, words("alice", 2, 2));
  held.step();
  REQUIRE(held.commits.size() == 1);
  CHECK(std::get<LogAppend>(held.commits[0]).entries.size() == 1);
}

TEST_CASE("room_tells_before_the_commit_when_durability_is_relaxed") {
  RoomOptions options;
  options.relaxed = true;
  Held held(options);
  held.say(1, words("alice", 1, 1));
  held.step();
  CHECK(held.commits.size() == 1);
  CHECK(told(held.sent, 1)[0]["mtype"] == "ack");
  CHECK(told(held.sent, 2)[0]["mtype"] == "broadcast");
  CHECK(held.room->committed_seq() == 0);
}

TEST_CASE("room_refuses_messages_and_answers_all_else_while_the_disk_takes_nothing") {
  Held held;
  held.room->refuse_writes(true);
  held.say(1, words("alice", 1, 1));
  held.room->receive(2, Encoding::MessagePack, PresenceFrame{pack(5)}, {});
  held.room->receive(2, Encoding::MessagePack, SyncCheckFrame{pack(1)}, {});
  bool refused = false;
  held.room->write(pack({{"ops", json::array()}}),
                   [&](const Result<AcceptedMessage>& written) { refused = !written.ok(); });
  held.step();
  CHECK(held.commits.empty());
  CHECK(refused);
  const json error = told(held.sent, 1)[0];
  const bool presence_first = error["mtype"] == "presence";
  const json answer = presence_first ? told(held.sent, 1)[1] : error;
  CHECK(answer["code"] == "storage");
  CHECK(answer["final"] == false);
  CHECK(answer["msgId"] == "alice:1");
  CHECK(told(held.sent, 2)[0]["mtype"] == "sync-status");
  held.room->refuse_writes(false);
  held.say(1, words("alice", 1, 1));
  held.step();
  CHECK(held.commits.size() == 1);
}

TEST_CASE("room_sends_everybody_away_when_a_commit_fails") {
  Held held;
  held.say(1, words("alice", 1, 1));
  held.step();
  held.room->join(3, joining("carol"));
  bool answered = false;
  held.room->ask([&](Room* room) { answered = room == nullptr; });
  held.room->on_commit_failed();
  held.step();
  CHECK(held.room->failed());
  CHECK(answered);
  for (const ConnectionId id : {1, 2, 3})
    CHECK(told(held.sent, id)[0]["closed"] == CloseCode::kTryLater);
}

TEST_CASE("room_looks_up_once_what_it_no_longer_remembers") {
  Held held;
  held.say(1, odd_words("x", 1));
  held.say(2, words("bob", 1, 2));
  held.say(1, odd_words("y", 2));
  held.step();
  CHECK(held.commits.empty());
  REQUIRE(held.recalls.size() == 1);
  CHECK(held.recalls[0] == std::vector<std::string>{"x", "y"});
  held.room->on_recalled(std::vector<LogRow>{});
  held.step();
  REQUIRE(held.commits.size() == 1);
  CHECK(std::get<LogAppend>(held.commits[0]).entries.size() == 3);
}

TEST_CASE("room_looks_up_all_ids_of_an_offer_though_some_are_known") {
  Held held;
  held.say(1, odd_words("x", 1));
  held.step();
  held.room->on_recalled(std::vector<LogRow>{});
  held.room->receive(1, Encoding::MessagePack, OfferFrame{{"y", "z", "x"}}, {});
  held.step();
  held.room->on_committed({});
  held.step();
  CHECK(held.recalls.back() == std::vector<std::string>{"y", "z"});
  held.room->receive(2, Encoding::MessagePack, OfferFrame{{"y", "u"}}, {});
  held.room->on_recalled(std::vector<LogRow>{});
  held.step();
  CHECK(told(held.sent, 1).back()["ids"] == json::array({"y", "z"}));
  CHECK(held.recalls.back() == std::vector<std::string>{"y", "u"});
}

TEST_CASE("room_closes_a_batch_before_it_looks_something_up") {
  Held held;
  held.say(2, words("bob", 1, 1));
  held.say(1, odd_words("x", 1));
  held.step();
  CHECK(held.commits.size() == 1);
  CHECK(held.recalls.empty());
  held.room->on_committed({});
  held.step();
  CHECK(held.recalls.size() == 1);
  CHECK(told(held.sent, 2)[0]["mtype"] == "ack");
}

TEST_CASE("room_sends_everybody_away_when_its_log_cannot_be_asked") {
  const bool damaged = GENERATE(true, false);
  Held held;
  held.say(1, odd_words("x", 1));
  held.step();
  Result<std::vector<LogRow>> rows = make_error(ErrorCode::Storage);
  if (damaged) rows = std::vector<LogRow>{{"x", {0xc1}}};
  held.room->on_recalled(rows);
  held.step();
  CHECK(held.room->failed());
  CHECK(told(held.sent, 1)[0]["closed"] == CloseCode::kTryLater);
}

TEST_CASE("room_refuses_to_load_a_damaged_log") {
  LogContent whole;
  whole.epoch = "e";
  whole.last_seq = 1;
  REQUIRE(Room::load(whole, "x", {}).ok());
  const auto loads = [&](auto damage) {
    LogContent content = whole;
    damage(content);
    return Room::load(content, "x", {}).ok();
  };
  CHECK_FALSE(loads([](LogContent& content) { content.entries = {Bytes{0xc1}}; }));
  CHECK_FALSE(loads([](LogContent& content) { content.snapshot = {0x01}; }));
  CHECK_FALSE(loads([](LogContent& content) { content.state = state_bytes({4, 4}); }));
  CHECK_FALSE(loads([](LogContent& content) { content.state = {0x01}; }));
  CHECK_FALSE(loads([](LogContent& content) { content.authors = {{"alice", {0xc0}}}; }));
}
