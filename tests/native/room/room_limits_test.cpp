// What a room refuses because of its limits.
#include <catch2/catch.hpp>

#include "room/room_probe.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

TEST_CASE("room_refuses_values_deeper_than_its_limit") {
  RoomOptions options;
  options.max_depth = 3;
  Pair pair(options);
  const auto setting = [](json value) {
    return json::array(
        {{{"ot", "object.set"}, {"key", "n"}, {"path", "x"}, {"value", std::move(value)}}});
  };
  const json three = {{"a", {{"b", json::array({1})}}}};
  CHECK(pair.say(1, words("alice", 1, 1, setting(three)))[0]["mtype"] == "ack");
  const auto frames = pair.say(1, words("alice", 2, 2, setting({{"a", three}})));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["code"] == "too_deep");
  CHECK(frames[0]["msgId"] == "alice:2");
  CHECK(pair.server.room().server_seq() == 1);
}
