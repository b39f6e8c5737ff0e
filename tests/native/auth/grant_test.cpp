#include "auth/grant.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc::server;

TEST_CASE("grant_lets_the_rule_that_says_most_decide") {
  Grant grant;
  grant.allow("*", Right::Read);
  grant.allow("team-*", Right::Write);
  grant.allow("team-secret", Right::Read);
  grant.allow("team-secret*", Right::Admin);
  CHECK(grant.right_in("other") == Right::Read);
  CHECK(grant.right_in("team-a") == Right::Write);
  CHECK(grant.right_in("team-") == Right::Write);
  CHECK(grant.right_in("team") == Right::Read);
  CHECK(grant.right_in("team-secret") == Right::Read);
  CHECK(grant.right_in("team-secrets") == Right::Admin);
  CHECK(grant.covers_all_rooms());
}

TEST_CASE("grant_without_a_rule_gives_nothing") {
  Grant grant;
  CHECK_FALSE(grant.right_in("room"));
  grant.allow("Room", Right::Write);
  grant.allow("ro*m", Right::Write);  // a star in the middle is a star
  CHECK_FALSE(grant.right_in("room"));
  CHECK_FALSE(grant.right_in("Rooms"));
  CHECK(grant.right_in("ro*m") == Right::Write);
  CHECK_FALSE(grant.covers_all_rooms());
}

TEST_CASE("grant_binds_the_names_its_bearer_may_use") {
  Grant grant;
  CHECK(grant.may_be("anybody"));
  grant.bind_client("alice");
  CHECK(grant.may_be("alice"));
  CHECK_FALSE(grant.may_be("alice2"));
  CHECK_FALSE(grant.may_be(""));
  grant.bind_client("bot-*");
  CHECK(grant.may_be("bot-7"));
  CHECK_FALSE(grant.may_be("alice"));
}

TEST_CASE("grant_lets_into_a_room_under_a_name_with_the_right_there") {
  Grant grant;
  grant.allow("demo", Right::Relay);
  grant.bind_client("alice");
  CHECK(*grant.enter("demo", "alice") == Right::Relay);
  CHECK(grant.enter("demo", "bob").error().code == vuer_rtc::ErrorCode::Forbidden);
  CHECK_FALSE(grant.enter("other", "alice").ok());
}
