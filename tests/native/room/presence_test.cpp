#include "room/presence.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc;
using namespace vuer_rtc::server;

TEST_CASE("presence_gathers_changes_for_a_while") {
  Presence presence;
  presence.set("a", 1, {0x01}, 1000);
  CHECK(presence.take_changes(1000).size() == 1);
  presence.set("a", 1, {0x02}, 1001);
  presence.set("a", 1, {0x03}, 1002);
  CHECK(presence.take_changes(1010).empty());
  const auto changes = presence.take_changes(1000 + kPresenceGather);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].state == Bytes{0x03});
}

TEST_CASE("presence_goes_with_its_connection") {
  Presence presence;
  presence.set("a", 1, {0x01}, 0);
  presence.take_changes(100);
  presence.drop(1);
  const auto changes = presence.take_changes(200);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].state.empty());
  CHECK(presence.current().empty());
}

TEST_CASE("presence_lives_as_long_as_heartbeats_come") {
  Presence presence;
  presence.set("a", 1, {0x01}, 0);
  presence.heartbeat("a", 40'000);
  presence.expire(kPresenceTimeout);
  CHECK(presence.current().size() == 1);
  presence.expire(40'000 + kPresenceTimeout);
  CHECK(presence.current().empty());
}
