#include "auth/bearer.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc::server;

TEST_CASE("bearer_is_found_in_the_header_then_the_subprotocol_then_the_query") {
  CHECK(token_of("", "", "") == "");
  CHECK(token_of("", "", "q") == "q");
  CHECK(token_of("Bearer h", "bearer.p", "q") == "h");
  CHECK(token_of("bearer   h ", "", "") == "h");
  CHECK(token_of("BEARER h", "", "") == "h");
  CHECK(token_of("", "vuer-rtc, bearer.p", "q") == "p");
  CHECK(token_of("", "bearer.p,vuer-rtc", "q") == "p");
  CHECK(token_of("", "bearer.,bearer.x", "q") == "");
  CHECK(token_of("", "xbearer.p, vuer-rtc", "q") == "q");
  CHECK(token_of("Basic aDp4", "", "q") == "q");
  CHECK(token_of("Bearer", "", "q") == "q");
}

TEST_CASE("bearer_protocol_is_answered_when_it_or_a_token_is_offered") {
  CHECK(offers_protocol("vuer-rtc", "vuer-rtc"));
  CHECK(offers_protocol("a, vuer-rtc ,b", "vuer-rtc"));
  CHECK(offers_protocol("bearer.x", "vuer-rtc"));
  CHECK_FALSE(offers_protocol("", "vuer-rtc"));
  CHECK_FALSE(offers_protocol("vuer-rtc2, graphql-ws", "vuer-rtc"));
}
