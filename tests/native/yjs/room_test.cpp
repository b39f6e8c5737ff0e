// A room over time: the disk, chunks, compaction, limits, timeouts.
#include <catch2/catch.hpp>

#include "yjs/site.hpp"
#include "yjs/vectors.hpp"

using namespace vuer_rtc::yjs;

namespace {

constexpr const char* kStep1 = "00000100";

HostOptions with(std::size_t rooms, std::size_t members) {
  HostOptions options;
  options.max_rooms = rooms;
  options.max_members = members;
  return options;
}

}  // namespace

TEST_CASE("room_says_nothing_of_an_update_before_it_is_on_disk") {
  Site site;
  FakePeer a, b;
  const ConnectionId from = site.open("r", a);
  site.open("r", b);
  a.heard.clear(), b.heard.clear();
  site.disk.holds = true;
  site.say(from, letter(1, 0));
  site.say(from, kMark);
  CHECK(a.next() == "");
  CHECK(b.next() == "");
  site.disk.release(), site.run();
  CHECK(a.next() == kMark);
  CHECK(b.next() == letter(1, 0));
  CHECK(site.disk.rooms["r"].entries.size() == 1);
}

TEST_CASE("room_comes_back_from_disk_with_everything_that_was_marked") {
  Site site;
  FakePeer a, b;
  const ConnectionId from = site.open("r", a);
  for (Clock clock = 0; clock < 50; clock++) site.say(from, letter(1, clock));
  site.say(from, kMark);
  site.restart();
  site.open("r", b);
  CHECK(b.next() == vector_at(1, 50));
}

TEST_CASE("room_writes_a_snapshot_after_five_hundred_updates") {
  Site site;
  FakePeer a, b;
  const ConnectionId from = site.open("r", a);
  for (Clock clock = 0; clock < 600; clock++) site.say(from, letter(1, clock));
  CHECK(site.disk.snapshots == 1);
  CHECK(site.disk.rooms["r"].entries.size() < 100);
  CHECK(site.disk.rooms["r"].snapshot.size() < 550);  // one struct
  site.restart();
  site.open("r", b);
  CHECK(b.next() == vector_at(1, 600));
}

TEST_CASE("room_that_is_empty_is_compacted_and_unloaded_after_its_time") {
  HostOptions options;
  options.room_timeout = 60'000;
  Site site(options);
  FakePeer a, b, c;
  const ConnectionId from = site.open("r", a);
  site.open("nothing written", b);
  site.say(from, letter(1, 0));
  site.drop(from), site.drop(2);
  site.advance(59'999);
  CHECK(site.host->room_count() == 1);
  site.advance(1);
  site.advance(1);
  CHECK(site.host->room_count() == 0);
  CHECK(site.disk.snapshots == 1);
  CHECK(site.disk.forgotten.count("r") == 1);
  site.open("r", c);
  CHECK(c.next() == vector_at(1, 1));
}

TEST_CASE("rooms_over_their_number_are_refused_until_one_can_be_unloaded") {
  Site site(with(1, 100));
  FakePeer a, b, c;
  const ConnectionId from = site.open("r1", a);
  site.open("r2", b);
  CHECK(b.code == 1013);
  CHECK(b.reason == "Room limit reached");
  site.drop(from);
  site.open("r2", c);
  CHECK(c.code == 0);
  CHECK(c.next() == kStep1);
}

TEST_CASE("members_over_their_number_are_refused_until_one_is_gone") {
  Site site(with(0, 100));
  std::deque<FakePeer> peers(102);
  for (int i = 0; i < 100; i++) site.open("r", peers[i]);
  CHECK(peers[99].code == 0);
  site.open("r", peers[100]);
  CHECK(peers[100].code == 1013);
  CHECK(peers[100].reason == "Room capacity reached");
  site.drop(50);
  site.open("r", peers[101]);
  CHECK(peers[101].code == 0);
}

TEST_CASE("connection_without_a_message_is_closed_after_its_time") {
  HostOptions options;
  options.room.client_timeout = 60'000;
  Site site(options);
  FakePeer a;
  const ConnectionId from = site.open("r", a);
  site.advance(59'999);
  site.say(from, "03");
  site.advance(59'999);
  CHECK(a.code == 0);
  site.advance(1);
  CHECK(a.code == 1001);
  CHECK(a.reason == "idle");
}

TEST_CASE("connection_ends_with_its_token") {
  Site site;
  FakePeer a;
  site.open("r", a);
  site.advance(1'000'000'000);
  CHECK(a.code == 4401);
}

TEST_CASE("zeal_auth_renews_the_right_and_is_never_relayed_or_logged") {
  Site site;
  FakePeer a, b;
  const ConnectionId from = site.open_zeal(a), other = site.open_zeal(b);
  for (const ConnectionId id : {from, other}) site.say_text(id, R"({"action":"join","room":"r"})");
  a.heard.clear(), b.heard.clear();
  const auto auth = [](const std::string& json) {
    Writer writer;
    writer.var_uint(2), writer.var_string(json);
    return to_hex(writer.take());
  };
  site.say(from, auth(R"({"userId":"u","token":"read"})"));
  site.say(from, letter(1, 0));
  CHECK(a.next() == to_hex(denied_message("read-only")));
  CHECK(b.next() == "");
  site.say(from, auth(R"({"userId":"u","token":"bad"})"));
  CHECK(a.code == 4403);
  site.say(other, auth("[1]"));
  CHECK(b.code == 4400);
  CHECK(b.reason == "malformed: auth");
  for (const std::string& event : site.events) CHECK(event.find("read\"") == std::string::npos);
}

TEST_CASE("first_answer_that_is_large_comes_in_chunks_as_the_socket_takes_them") {
  HostOptions options;
  options.room.chunk_bytes = 500;
  Site site(options);
  FakePeer a, b;
  const ConnectionId from = site.open("r", a);
  for (ClientId client = 1; client <= 40; client++)
    for (Clock clock = 0; clock < 10; clock++) site.say(from, letter(client, clock));
  const ConnectionId late = site.open("r", b);
  b.heard.clear();
  site.say(late, kStep1);
  CHECK(b.heard.size() == 2);
  Store received;
  std::size_t steps = 0, messages = 0;
  while (!b.heard.empty()) {
    const vuer_rtc::Bytes frame = from_hex(b.next());
    CHECK(frame.size() < 700);
    Reader reader{vuer_rtc::ByteSpan(frame)};
    const Message message = read_message(reader, Face::Yjs);
    add(received, to_hex(message.payload));
    messages++;
    steps += message.sync == Sync::Step2;
    if (b.heard.empty()) site.host->drained(late), site.run();
  }
  CHECK(messages > 3);
  CHECK(steps == 1);
  CHECK(received.vector().entries().size() == 40);
}

TEST_CASE("room_that_is_full_refuses_updates_and_still_answers") {
  HostOptions options;
  options.room.content_bytes = 5000;
  Site site(options);
  FakePeer a, b;
  const ConnectionId from = site.open("r", a);
  for (Clock clock = 0; clock < 100; clock++) site.say(from, letter(1, clock));
  CHECK(a.code == 1011);
  const ConnectionId reader = site.open("r", b);
  b.heard.clear();
  site.say(reader, kStep1);
  CHECK(b.next() != "");
}

TEST_CASE("flood_of_malformed_frames_leaves_the_others_alone") {
  Site site;
  FakePeer good;
  const ConnectionId from = site.open("r", good);
  good.heard.clear();
  for (const auto& one : vectors()["malformedMessages"]) {
    FakePeer bad;
    const ConnectionId id = site.open("r", bad);
    site.say(id, one["bytes"]);
    if (one["error"] != "custom") CHECK(bad.code == 4400);
    if (one["error"] != "custom")
      CHECK(bad.reason == "malformed: " + one["error"].get<std::string>());
    site.drop(id);
  }
  CHECK(good.next() == "");
  CHECK(good.code == 0);
  site.say(from, letter(1, 0));
  site.say(from, kMark);
  CHECK(good.next() == kMark);
}

TEST_CASE("lone_client_hears_something_every_twenty_seconds") {
  Site site;
  FakePeer a;
  const ConnectionId from = site.open("r", a);
  a.heard.clear();
  std::size_t heard = 0;
  for (int second = 0; second < 75; second++) {
    if (second % 15 == 0) site.say(from, "00000100");
    site.advance(1000);
    heard += a.heard.size();
    a.heard.clear();
  }
  CHECK(a.code == 0);
  CHECK(heard >= 5);
}

TEST_CASE("presence_of_a_silent_client_goes_within_thirty_three_seconds") {
  Site site;
  FakePeer a, b;
  const ConnectionId from = site.open("r", a);
  site.open("r", b);
  site.say(from, "0106010b01027b7d");
  b.heard.clear();
  for (int second = 0; second < 33; second++) site.advance(1000);
  std::string gone;
  for (std::string next = b.next(); !next.empty(); next = b.next())
    if (next != "010100") gone = next;
  CHECK(gone == "0108010b01046e756c6c");
}

TEST_CASE("host_shuts_down_when_everything_is_on_disk") {
  Site site;
  FakePeer a;
  const ConnectionId from = site.open("r", a);
  site.disk.holds = true;
  site.say(from, letter(1, 0));
  bool done = false;
  site.host->shut_down([&] { done = true; });
  site.run();
  CHECK_FALSE(done);
  site.disk.release(), site.run();
  CHECK(done);
  CHECK(a.code == 1012);
  CHECK(a.reason == "shutdown");
}

TEST_CASE("room_counts_messages_updates_refusals_and_holes") {
  Site site;
  FakePeer a, b;
  const ConnectionId writer = site.open("r", a), reader = site.open("r", b, false, false);
  for (const Clock clock : {0, 0, 5}) site.say(writer, letter(1, clock));
  site.say(reader, letter(2, 0));
  site.say(reader, kStep1);
  CHECK(site.host->figures().structs == 2);
  CHECK(site.host->figures().holes == 1);
  for (Clock clock = 1; clock < 5; clock++) site.say(writer, letter(1, clock));
  CHECK(site.host->figures().holes == 0);
  CHECK(site.host->figures().content_bytes > 0);
  site.say(reader, "0003");
  const auto sum = [&site](const auto& of) {
    std::uint64_t all = 0;
    for (const RoomFigures& one : site.figures) all += of(one);
    return all;
  };
  const auto updates = [&](UpdateResult result) {
    return sum([result](const RoomFigures& one) { return one.updates.of(result); });
  };
  CHECK(sum([](const RoomFigures& one) { return one.messages.of(MessageKind::Update); }) == 8);
  CHECK(sum([](const RoomFigures& one) { return one.messages.of(MessageKind::Step1); }) == 1);
  CHECK(updates(UpdateResult::Accepted) == 6);
  CHECK(updates(UpdateResult::Known) == 1);
  CHECK(updates(UpdateResult::ReadOnly) == 1);
  CHECK(sum([](const RoomFigures& one) { return one.answers; }) == 2);  // what is behind the hole
  CHECK(sum([](const RoomFigures& one) { return one.refused.of(Fault::SyncType); }) == 1);
}

TEST_CASE("presence_of_more_than_fifty_thousand_bytes_is_dropped") {
  Site site;
  FakePeer a;
  const ConnectionId from = site.open("r", a);
  a.heard.clear();
  const auto present = [](std::uint64_t clock, std::size_t size) {
    const std::vector<Presence> one = {{1, clock, "\"" + std::string(size, 'x') + "\""}};
    return to_hex(awareness_message(one, false));
  };
  const std::size_t frame = 8;  // count, client, clock, length and quotes
  site.say(from, present(1, 50'001 - frame));
  CHECK(a.next() == "");
  site.say(from, present(1, 50'000 - frame));
  CHECK(a.next() == present(1, 50'000 - frame));
}
