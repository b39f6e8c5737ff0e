// A room whose disk fails, gives back what cannot be read, or is not waited for.
#include <catch2/catch.hpp>

#include "yjs/site.hpp"

using namespace vuer_rtc::yjs;

TEST_CASE("room_with_a_failed_write_sends_everybody_away_and_is_loaded_again") {
  Site site;
  FakePeer a, b, c;
  const ConnectionId from = site.open("r", a);
  site.say(from, letter(1, 0));
  site.disk.fails = true;
  site.say(from, letter(1, 1));
  site.say(from, kMark);
  CHECK(a.code == 1011);
  CHECK(a.reason == "storage");
  CHECK_FALSE(site.host->storage_fault().empty());
  site.drop(from);
  site.now += 1000;
  site.drop(site.open("r", b));
  CHECK(b.code == 1013);
  site.disk.fails = false;
  site.now += 1000;
  site.open("r", c);
  CHECK(c.next() == vector_at(1, 1));
}

TEST_CASE("room_with_a_damaged_entry_is_served_from_the_rest_and_sets_it_aside") {
  Site site;
  FakePeer a, b;
  const ConnectionId writer = site.open("r", a);
  for (Clock clock = 0; clock < 3; clock++) site.say(writer, letter(1, clock));
  site.drop(writer);
  site.restart();
  const vuer_rtc::Bytes damaged = {1, 1, 1, 0, 0xff};
  site.disk.rooms["r"].entries.push_back(damaged);
  CHECK(site.host->storage_fault().empty());
  const ConnectionId reader = site.open("r", b);
  CHECK(site.disk.aside["r"] == std::vector<vuer_rtc::Bytes>{damaged});
  CHECK(site.disk.rooms["r"].entries.empty());
  CHECK_FALSE(site.host->storage_fault().empty());
  b.heard.clear();
  site.say(reader, vector_at(1, 2));
  CHECK(b.next() == "00010a01010102840101017800");
  CHECK(b.code == 0);
}

TEST_CASE("room_whose_snapshot_is_damaged_is_not_an_empty_room") {
  Site site;
  FakePeer a;
  site.disk.rooms["r"].snapshot = {1, 1, 1, 0, 0xff};
  site.open("r", a);
  CHECK(a.code == 1013);
  CHECK(a.reason == "loading");
}

TEST_CASE("host_tells_that_the_disk_fails_until_a_probe_succeeds") {
  Site site;
  FakePeer a;
  const ConnectionId writer = site.open("r", a);
  site.disk.fails = true;
  site.say(writer, letter(1, 0));
  CHECK_FALSE(site.host->storage_fault().empty());
  site.advance(1000);
  CHECK_FALSE(site.host->storage_fault().empty());
  site.disk.fails = false;
  site.advance(1000);
  CHECK(site.host->storage_fault().empty());
}

TEST_CASE("room_that_forwards_early_waits_with_marks_only") {
  HostOptions options;
  options.room.forward_early = true;
  Site site(options);
  FakePeer a, b;
  const ConnectionId writer = site.open("r", a);
  site.open("r", b);
  a.heard.clear(), b.heard.clear();
  site.disk.holds = true;
  site.say(writer, letter(1, 0));
  site.say(writer, kMark);
  CHECK(b.next() == letter(1, 0));
  CHECK(a.next() == "");
  site.disk.release(), site.run();
  CHECK(a.next() == kMark);
  CHECK(b.next() == "");
}
