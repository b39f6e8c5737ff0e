// The door's rules, one by one (law, section 8).
#include "room/door.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

Message message(const std::string& client, std::uint64_t number, std::uint64_t lt) {
  Message m;
  m.client = client;
  m.id = client + ":" + std::to_string(lt);
  m.clock = {{client, number}};
  m.lt = lt;
  return m;
}

Hash content(std::uint8_t byte) {
  Hash hash{};
  hash[0] = byte;
  return hash;
}

void admit(Door& door, Message m) {
  door.place(m, kNoLine);
  door.admit(m, content(0));
}

}  // namespace

TEST_CASE("door_takes_the_next_number_and_no_other") {
  Door door;
  admit(door, message("a", 1, 1));
  CHECK(door.examine(message("a", 2, 2), content(1), true).ok());
  const auto gap = door.examine(message("a", 3, 3), content(1), true);
  REQUIRE_FALSE(gap.ok());
  CHECK(gap.error().code == ErrorCode::Gap);
  const auto reused = door.examine(message("a", 1, 9), content(1), true);
  REQUIRE_FALSE(reused.ok());
  CHECK(reused.error().code == ErrorCode::IdReused);
  CHECK(door.expected("a") == 2);
}

TEST_CASE("door_lets_clients_of_the_original_leave_gaps") {
  Door door;
  admit(door, message("a", 1, 1));
  CHECK(door.examine(message("a", 7, 2), content(1), false).ok());
  admit(door, message("a", 7, 2));
  CHECK(door.expected("a") == 8);
}

TEST_CASE("door_knows_a_repeat_by_its_content") {
  Door door;
  Message m = message("a", 1, 1);
  m.server_seq = 4;
  door.admit(m, content(5));
  const auto same = door.examine(message("a", 1, 1), content(5), true);
  REQUIRE(same.ok());
  REQUIRE(same->repeat != nullptr);
  CHECK(same->repeat->server_seq == 4);
  const auto other = door.examine(message("a", 1, 1), content(6), true);
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().code == ErrorCode::IdReused);
}

TEST_CASE("door_moves_what_is_at_or_below_the_line") {
  Door door;
  admit(door, message("a", 1, 10));
  Message late = message("b", 1, 5);
  CHECK(door.place(late, 5));
  CHECK(late.lt == 11);
  Message above = message("b", 1, 6);
  CHECK_FALSE(door.place(above, 5));
  CHECK(above.lt == 6);
}

TEST_CASE("door_moves_what_does_not_follow_the_authors_previous_message") {
  Door door;
  admit(door, message("a", 1, 10));
  Message equal = message("a", 2, 10);
  CHECK(door.place(equal, kNoLine));
  CHECK(equal.lt == 11);
  Message next = message("a", 2, 11);
  CHECK_FALSE(door.place(next, kNoLine));
}

TEST_CASE("door_moves_what_jumps_too_far_ahead") {
  Door door;
  admit(door, message("a", 1, 10));
  Message at_limit = message("b", 1, 10 + kMaxJump);
  CHECK_FALSE(door.place(at_limit, kNoLine));
  Message past = message("b", 1, 11 + kMaxJump);
  CHECK(door.place(past, kNoLine));
  CHECK(past.lt == 11);
}

TEST_CASE("door_keeps_only_the_authors_own_clock_entry") {
  Door door;
  Message m = message("b", 1, 1);
  m.clock = {{"a", 7}, {"b", 1}, {"c", 2}};
  door.place(m, kNoLine);
  CHECK(m.clock == Clock{{"b", 1}});
}

TEST_CASE("door_tells_by_the_number_of_an_id_that_it_is_new") {
  Door door;
  CHECK_FALSE(door.must_recall("a:1"));
  admit(door, message("a", 1, 5));
  CHECK_FALSE(door.must_recall("a:5"));  // remembered
  CHECK_FALSE(door.must_recall("a:6"));
  CHECK_FALSE(door.must_recall("b:1"));
  for (const char* id : {"a:4", "odd", "a:", "a:-1", "a:9007199254740992", ":x"})
    CHECK(door.must_recall(id));
  CHECK_FALSE(door.examine(message("a", 2, 4), content(1), false).ok());
}

TEST_CASE("door_leaves_folded_ids_to_the_log") {
  Door door;
  admit(door, message("a", 1, 5));
  admit(door, message("a", 2, 6));
  door.forget(5);
  CHECK(door.must_recall("a:5"));
  CHECK_FALSE(door.must_recall("a:6"));
  Message first = message("a", 1, 5);
  first.server_seq = 3;
  const AcceptedMessage stored{first.id, 3, 5, kNoLine, content(0)};
  REQUIRE(door.recall({"a:5", "odd"}, {row_of(stored)}).ok());
  CHECK_FALSE(door.must_recall("odd"));
  CHECK(door.find("odd") == nullptr);
  REQUIRE(door.find("a:5") != nullptr);
  CHECK(door.find("a:5")->server_seq == 3);
  CHECK_FALSE(door.recall({"a:5"}, {{"a:5", {0xc1}}}).ok());
}

TEST_CASE("door_asks_for_every_id_of_an_author_whose_row_is_older") {
  Door door;
  Bytes two_numbers;
  MsgWriter out(two_numbers);
  out.number(3);
  out.number(40);
  REQUIRE(door.load({{"a", two_numbers}}, 0).ok());
  CHECK(door.must_recall("a:9007199254740991"));
  CHECK_FALSE(door.must_recall("b:1"));
}

TEST_CASE("door_keeps_authors_over_a_restart_and_a_clear") {
  Door door;
  REQUIRE(door.load({row_of(AuthorRecord{"a", 3, 40})}, 0).ok());
  CHECK(door.top() == 40);
  CHECK(door.expected("a") == 4);
  door.clear();
  CHECK(door.expected("a") == 4);
}
