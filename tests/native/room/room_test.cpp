// A room and what it tells whom: acks, broadcasts, moves, errors, resume, the line.
#include <catch2/catch.hpp>

#include "protocol/json_reader.hpp"
#include "room/bloom.hpp"
#include "room/room_probe.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

TEST_CASE("room_answers_a_join_with_the_state") {
  InstantRoom server;
  server.join(1, joining("alice"));
  const auto frames = told(server.take(), 1);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["mtype"] == "state");
  CHECK(frames[0]["journal"].empty());
  CHECK(frames[0]["serverSeq"] == 0);
  CHECK(frames[0]["stable"] == -1);
  CHECK(frames[0]["resumed"] == false);
  CHECK(frames[0]["reason"] == "join");
  CHECK(frames[0]["epoch"].get<std::string>().size() > 3);
}

TEST_CASE("room_acks_the_author_and_tells_the_others") {
  Pair pair;
  const auto frames = pair.say(1, words("alice", 1, 1, {insert_node("n")}));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0] ==
        json{{"mtype", "ack"}, {"msgId", "alice:1"}, {"serverSeq", 1}, {"lt", 1}, {"stable", -1}});
  const auto others = told(pair.heard, 2);
  REQUIRE(others.size() == 1);
  CHECK(others[0]["mtype"] == "broadcast");
  CHECK(others[0]["msg"]["id"] == "alice:1");
  CHECK(others[0]["msg"]["serverSeq"] == 1);
  CHECK(others[0]["msg"]["stable"] == -1);
}

TEST_CASE("room_answers_a_repeat_with_the_same_ack_and_tells_nobody") {
  Pair pair;
  const auto first = pair.say(1, words("alice", 1, 1, {insert_node("n")}));
  const auto again = pair.say(1, words("alice", 1, 1, {insert_node("n")}));
  CHECK(first == again);
  CHECK(told(pair.heard, 2).empty());
  CHECK(pair.server.room().server_seq() == 1);
}

TEST_CASE("room_says_id_reused_to_other_content_under_a_known_id") {
  Pair pair;
  pair.say(1, words("alice", 1, 1, {insert_node("n")}));
  const auto frames = pair.say(1, words("alice", 1, 1, {insert_node("other")}));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["code"] == "id_reused");
  CHECK(frames[0]["final"] == false);
  CHECK(frames[0]["expected"] == 2);
}

TEST_CASE("room_says_gap_with_the_expected_number") {
  Pair pair;
  const auto frames = pair.say(1, words("alice", 3, 3));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["code"] == "gap");
  CHECK(frames[0]["msgId"] == "alice:3");
  CHECK(frames[0]["expected"] == 1);
  CHECK(pair.server.room().server_seq() == 0);
}

TEST_CASE("room_lets_the_originals_clients_leave_gaps") {
  Pair pair({}, false);
  CHECK(pair.say(1, words("alice", 3, 3))[0]["mtype"] == "ack");
}

TEST_CASE("room_refuses_a_message_in_anothers_name") {
  Pair pair;
  const auto frames = pair.say(1, words("bob", 1, 1));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["code"] == "forbidden");
  CHECK(frames[0]["final"] == true);
}

TEST_CASE("room_refuses_a_malformed_message_by_its_id_and_stays_as_it_was") {
  Pair pair;
  const Hash before = *pair.server.room().digest();
  json bad = words("alice", 1, 1);
  bad["lt"] = -1;
  const auto frames = pair.say(1, bad);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["code"] == "bad_message");
  CHECK(frames[0]["msgId"] == "alice:1");
  CHECK(frames[0]["error"].get<std::string>().find("lt") != std::string::npos);
  CHECK(*pair.server.room().digest() == before);
  CHECK(pair.say(1, words("alice", 1, 1))[0]["mtype"] == "ack");
}

TEST_CASE("room_refuses_a_message_with_repeated_keys") {
  Pair pair;
  const std::string start =
      R"({"id":"alice:1","client":"alice","clock":{"alice":1},"lt":1,"ts":1,"ops":[)";
  for (const char* ops :
       {R"({"ot":"number.set","key":"n","path":"x","value":{"a":1,"a":2}}]})",
        R"({"ot":"number.set","ot":"number.add","key":"n","path":"x","value":1}]})",
        R"(],"lt":2})"}) {
    const auto bytes = json_to_msgpack(start + ops);
    REQUIRE(bytes.ok());
    pair.server.crdt(1, *bytes);
    const auto frames = told(pair.server.take(), 1);
    INFO(ops);
    REQUIRE(frames.size() == 1);
    CHECK(frames[0]["code"] == "bad_message");
    CHECK(frames[0]["msgId"] == "alice:1");
  }
}

TEST_CASE("room_gives_a_moved_messages_author_its_own_copy_before_the_ack") {
  Pair pair;
  pair.say(1, words("alice", 1, 10));
  json late = words("alice", 2, 4);
  const auto frames = pair.say(1, late);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0]["mtype"] == "broadcast");
  CHECK(frames[0]["msg"]["lt"] == 11);
  CHECK(frames[1]["mtype"] == "ack");
  CHECK(frames[1]["lt"] == 11);
  CHECK(told(pair.heard, 2)[0]["msg"]["lt"] == 11);
}

TEST_CASE("room_keeps_only_the_authors_own_clock_entry") {
  Pair pair;
  json message = words("alice", 1, 1);
  message["clock"]["bob"] = 99;
  pair.say(1, message);
  CHECK(told(pair.heard, 2)[0]["msg"]["clock"] == json{{"alice", 1}});
}

TEST_CASE("room_resolves_positions_and_shows_the_author_what_it_stored") {
  Pair pair;
  pair.say(1, words("alice", 1, 1, {insert_node("n")}));
  const json insert = {
      {"ot", "text.insert"}, {"key", "n"}, {"path", "t"}, {"position", 0}, {"value", "hello"}};
  const auto frames = pair.say(1, words("alice", 2, 2, {insert}));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["mtype"] == "ack");
  REQUIRE(frames[0].contains("msg"));
  CHECK(frames[0]["msg"]["ops"][0]["id"] == "alice:0");
  CHECK(told(pair.heard, 2)[0]["msg"]["ops"] == frames[0]["msg"]["ops"]);
  CHECK(pair.say(1, words("alice", 2, 2, {insert}))[0]["serverSeq"] ==
        2);  // the repeat is known as it was sent
}

TEST_CASE("room_keeps_everything_acked_over_a_restart") {
  Pair pair;
  pair.say(1, words("alice", 1, 1, {insert_node("n")}));
  const auto ack = pair.say(1, words("alice", 2, 2));
  const Hash before = *pair.server.room().digest();
  pair.server.restart();
  CHECK(*pair.server.room().digest() == before);
  pair.server.join(5, joining("alice"));
  CHECK(told(pair.server.take(), 5)[0]["journal"].size() == 2);
  CHECK(pair.say(5, words("alice", 2, 2)) == ack);
  json late = words("alice", 3, 1);
  late["id"] = "alice:late";
  CHECK(pair.say(5, late)[1]["lt"] == 3);
}

TEST_CASE("room_resumes_where_the_client_was") {
  Pair pair;
  pair.say(1, words("alice", 1, 1));
  pair.say(1, words("alice", 2, 2));
  Join back = joining("carol");
  back.resume = Resume{1, "alice:1", pair.server.room().epoch()};
  pair.server.join(3, back);
  const json state = told(pair.server.take(), 3)[0];
  CHECK(state["resumed"] == true);
  CHECK_FALSE(state.contains("snapshot"));
  REQUIRE(state["journal"].size() == 1);
  CHECK(state["journal"][0]["id"] == "alice:2");
}

TEST_CASE("room_gives_the_full_state_to_who_knows_another_past") {
  Pair pair;
  pair.say(1, words("alice", 1, 1));
  const std::string epoch = pair.server.room().epoch();
  const auto reason = [&](Resume resume) {
    Join back = joining("carol");
    back.resume = std::move(resume);
    pair.server.join(3, back);
    const json state = told(pair.server.take(), 3).back();
    CHECK(state["resumed"] == false);
    return state["reason"].get<std::string>();
  };
  CHECK(reason({1, "bob:1", epoch}) == "restored");
  CHECK(reason({7, "alice:1", epoch}) == "restored");
  CHECK(reason({1, "alice:1", "elsewhere"}) == "restored");
  pair.server.room().clear("fresh");
  pair.server.advance(0);
  CHECK(reason({1, "alice:1", epoch}) == "reset");
}

TEST_CASE("room_clear_tells_everybody_and_keeps_authors_numbers") {
  Pair pair;
  pair.say(1, words("alice", 1, 1));
  pair.server.room().clear("fresh");
  pair.server.advance(0);
  const auto frames = told(pair.server.take(), 2);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0]["mtype"] == "room-reset");
  CHECK(frames[1]["epoch"] == "fresh");
  CHECK(frames[1]["journal"].empty());
  CHECK(pair.say(1, words("alice", 2, 2))[0]["serverSeq"] == 1);
  pair.server.restart();
  CHECK(pair.server.room().epoch() == "fresh");
}

TEST_CASE("room_folds_the_journal_and_keeps_the_digest") {
  RoomOptions options;
  options.journal_keep = 2;
  Pair pair(options);
  pair.say(1, words("alice", 1, 1, {insert_node("n")}));
  for (std::uint64_t i = 2; i <= 6; ++i) pair.say(1, words("alice", i, i));
  const Hash before = *pair.server.room().digest();
  pair.server.compact();
  const auto news = told(pair.server.take(), 2);
  REQUIRE(news.size() == 1);
  CHECK(news[0]["mtype"] == "heartbeat");
  CHECK(news[0]["stable"] == 4);
  CHECK(pair.server.room().journal_length() == 2);
  CHECK(*pair.server.room().digest() == before);
  CHECK(pair.say(1, words("alice", 3, 3))[0]["serverSeq"] == 3);  // ids outlive the journal
  const auto late = pair.say(2, words("bob", 1, 2));
  REQUIRE(late.size() == 2);
  CHECK(late[1]["lt"] == 7);
  CHECK(late[1]["stable"] == 4);
  const Hash after = *pair.server.room().digest();
  pair.server.restart();
  CHECK(*pair.server.room().digest() == after);
  CHECK(pair.server.room().stable() == 4);
}

TEST_CASE("room_does_not_resume_across_a_fold") {
  RoomOptions options;
  options.journal_keep = 1;
  Pair pair(options);
  for (std::uint64_t i = 1; i <= 4; ++i) pair.say(1, words("alice", i, i));
  pair.server.compact();
  pair.server.take();
  Join back = joining("carol");
  back.resume = Resume{2, "alice:2", pair.server.room().epoch()};
  pair.server.join(3, back);
  const json state = told(pair.server.take(), 3)[0];
  CHECK(state["resumed"] == false);
  CHECK(state["reason"] == "join");
  CHECK(state["journal"].size() == 1);
}

TEST_CASE("room_compacts_by_itself_but_waits_for_slow_members") {
  RoomOptions options;
  options.journal_keep = 1;
  options.compact_min_operations = 3;
  options.compact_interval = 1000;
  Pair pair(options);
  pair.server.advance(0);
  for (std::uint64_t i = 1; i <= 5; ++i) pair.say(1, words("alice", i, i));
  pair.server.receive(2, HeartbeatFrame{1, 1});
  pair.server.advance(1000);
  CHECK(pair.server.room().stable() == kNoLine);
  pair.server.receive(2, HeartbeatFrame{5, 5});
  pair.server.advance(1000);
  CHECK(pair.server.room().stable() == 4);
}

TEST_CASE("room_answers_sync_with_what_the_filter_lacks") {
  Pair pair;
  for (std::uint64_t i = 1; i <= 3; ++i) pair.say(1, words("alice", i, i));
  SyncFrame sync;
  sync.clock = {{"alice", 3}};
  sync.filter = make_bloom(2);
  sync.count = 2;
  sync.salt = "s";
  bloom_add(sync.filter, "s", "alice:1");
  bloom_add(sync.filter, "s", "alice:3");
  pair.server.receive(2, sync);
  auto frames = told(pair.server.take(), 2);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0]["msg"]["id"] == "alice:2");
  CHECK(frames[1] == json{{"mtype", "sync-done"}, {"serverSeq", 3}});
  pair.server.receive(2, SyncFrame{{{"alice", 1}}, {}, 0, ""});
  frames = told(pair.server.take(), 2);
  REQUIRE(frames.size() == 3);
  CHECK(frames[0]["msg"]["id"] == "alice:2");
}

TEST_CASE("room_answers_sync_with_the_state_when_the_missing_is_folded") {
  RoomOptions options;
  options.journal_keep = 1;
  Pair pair(options);
  for (std::uint64_t i = 1; i <= 3; ++i) pair.say(1, words("alice", i, i));
  pair.server.compact();
  pair.server.take();
  pair.server.receive(2, SyncFrame{});
  const auto frames = told(pair.server.take(), 2);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0]["mtype"] == "state");
  CHECK(frames[1]["mtype"] == "sync-done");
}

TEST_CASE("room_tells_its_checksum") {
  Pair pair;
  pair.say(1, words("alice", 1, 1));
  pair.server.receive(2, SyncCheckFrame{pack("r1")});
  const json status = told(pair.server.take(), 2)[0];
  CHECK(status["requestId"] == "r1");
  CHECK(status["status"]["vectorClock"] == json{{"alice", 1}});
  CHECK(status["status"]["serverSeq"] == 1);
  CHECK(status["status"]["lt"] == 1);
  CHECK(status["status"]["checksum"].get<std::string>().size() == 64);
}

TEST_CASE("room_wants_what_was_offered_and_unknown_and_takes_it_from_anyone") {
  Pair pair;
  pair.say(1, words("alice", 1, 1));
  pair.server.receive(2, OfferFrame{{"alice:1", "carol:5"}});
  const json want = told(pair.server.take(), 2)[0];
  CHECK(want["ids"] == json{"carol:5"});
  CHECK(pair.say(2, words("carol", 5, 5))[0]["mtype"] == "ack");
  CHECK(pair.say(2, words("carol", 6, 6))[0]["code"] == "forbidden");
}

TEST_CASE("room_closes_the_older_connection_of_a_client") {
  Pair pair;
  pair.server.join(9, joining("alice"));
  CHECK(told(pair.server.take(), 1)[0]["closed"] == CloseCode::kReplaced);
  CHECK(pair.server.room().member_count() == 2);
}

TEST_CASE("room_is_full_at_its_limit") {
  RoomOptions options;
  options.max_members = 2;
  Pair pair(options);
  pair.server.join(3, joining("carol"));
  CHECK(told(pair.server.take(), 3)[0]["closed"] == CloseCode::kRoomFull);
}

TEST_CASE("room_passes_presence_on_and_forgets_it_with_the_connection") {
  Pair pair;
  pair.server.receive(1, PresenceFrame{pack({{"x", 1}})});
  auto frames = told(pair.server.take(), 2);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0] == json{{"mtype", "presence"}, {"client", "alice"}, {"state", {{"x", 1}}}});
  pair.server.join(3, joining("carol"));
  frames = told(pair.server.take(), 3);
  REQUIRE(frames.size() == 2);
  CHECK(frames[1]["mtype"] == "presence");
  pair.server.leave(1);
  pair.server.advance(100);
  CHECK(told(pair.server.take(), 2)[0]["state"].is_null());
}

TEST_CASE("room_speaks_the_oldest_dialect") {
  InstantRoom server;
  Join old = joining("old", false);
  old.legacy = true;
  server.join(1, old);
  const json init = told(server.take(), 1)[0];
  CHECK(init["mtype"] == "init");
  CHECK(init.contains("state"));
  CHECK(init["journal"].empty());
  server.join(2, joining("alice"));
  server.take();
  server.crdt(2, pack(words("alice", 1, 1)));
  CHECK(told(server.take(), 1)[0]["mtype"] == "message");
}

TEST_CASE("room_reminds_quiet_members_until_they_have_everything") {
  Pair pair;
  pair.say(1, words("alice", 1, 1));
  pair.server.advance(5000);
  const auto frames = told(pair.server.take(), 2);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["serverSeq"] == 1);
  pair.server.receive(2, HeartbeatFrame{1, 1});
  pair.server.take();
  pair.server.advance(5000);
  CHECK(told(pair.server.take(), 2).empty());
}
