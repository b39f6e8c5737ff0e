#include "http/target.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc::server;

TEST_CASE("target_decodes_segments_and_query") {
  const auto target = parse_target("/ws/a%2Fb%20c?sessionId=x%26y&flag&empty=&sessionId=second");
  REQUIRE(target.has_value());
  CHECK(target->segments == std::vector<std::string>{"ws", "a/b c"});
  CHECK(*target->item("sessionId") == "x&y");
  CHECK(*target->item("flag") == "");
  CHECK(target->item("missing") == nullptr);
  CHECK(parse_target("/")->segments.empty());
  CHECK(parse_target("/a/")->segments == std::vector<std::string>{"a", ""});
  CHECK(parse_target("/a/?q")->segments == std::vector<std::string>{"a", ""});
}

TEST_CASE("target_refuses_broken_escapes_and_bytes") {
  for (const char* text : {"", "a", "*", "/%", "/%4", "/%zz", "/%ff", "/a?x=%ff", "/%c0%80"}) {
    INFO(text);
    CHECK_FALSE(parse_target(text).has_value());
  }
}

TEST_CASE("target_reads_whole_numbers_of_the_query") {
  const auto target = parse_target("/?a=12&b=13&c=&d=-1&e=1x&f=99999999999999999999");
  CHECK(*target->whole("a", 5, 12) == 12);
  CHECK(*target->whole("missing", 5) == 5);
  for (const char* name : {"b", "c", "d", "e", "f"}) {
    INFO(name);
    CHECK_FALSE(target->whole(name, 5, 12).ok());
  }
}

TEST_CASE("room_name_has_1_to_128_characters") {
  CHECK_FALSE(is_room_name(""));
  std::string name;
  for (int i = 0; i < 128; ++i) name += "\xc3\xa9";
  CHECK(is_room_name(name));
  CHECK_FALSE(is_room_name(name + "x"));
}
