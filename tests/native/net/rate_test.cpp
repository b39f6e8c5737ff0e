#include "net/rate.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc::net;
using Ruling = TokenBucket::Ruling;

TEST_CASE("rate_takes_a_burst_and_then_its_rate") {
  TokenBucket bucket({500, 2000});
  for (int i = 0; i < 2000; ++i) REQUIRE(bucket.spend(1, 0) == Ruling::Take);
  CHECK(bucket.spend(1, 0) == Ruling::Refuse);
  CHECK(bucket.wait() == 4);  // one message of debt and the next one, at 500 in a second
  CHECK(bucket.spend(1, 4) == Ruling::Take);
  int taken = 0;
  for (std::int64_t now = 6; now <= 1004; now += 2) taken += bucket.spend(1, now) == Ruling::Take;
  CHECK(taken == 500);
}

TEST_CASE("rate_closes_who_goes_on_for_another_burst") {
  TokenBucket bucket({10, 5});
  for (int i = 0; i < 5; ++i) REQUIRE(bucket.spend(1, 0) == Ruling::Take);
  for (int i = 0; i < 5; ++i) REQUIRE(bucket.spend(1, 0) == Ruling::Refuse);
  CHECK(bucket.spend(1, 0) == Ruling::Close);
  CHECK(bucket.wait() == 600);
  CHECK(bucket.spend(1, 600) == Ruling::Take);  // who waited as told is welcome
}

TEST_CASE("rate_of_zero_is_no_limit") {
  TokenBucket bucket({0, 0});
  for (int i = 0; i < 100'000; ++i) REQUIRE(bucket.spend(1e9, 0) == Ruling::Take);
  CHECK(bucket.wait() == 0);
  CHECK(bucket.is_full(0));
}

TEST_CASE("rate_never_holds_more_than_its_burst_and_ignores_a_clock_that_stands") {
  TokenBucket bucket({1000, 2});
  CHECK(bucket.spend(2, 1'000'000) == Ruling::Take);
  CHECK(bucket.spend(1, 1'000'000) == Ruling::Refuse);
  CHECK_FALSE(bucket.is_full(1'000'000));
  CHECK(bucket.is_full(1'000'003));
  CHECK(bucket.has(2, 9'000'000));
  CHECK_FALSE(bucket.has(3, 9'000'000));
}

TEST_CASE("rate_of_a_connection_counts_messages_and_bytes") {
  ConnectionRate rate({10, 10}, {1000, 1000});
  CHECK(rate.spend(1, 900, 0) == Ruling::Take);
  CHECK(rate.spend(1, 900, 0) == Ruling::Refuse);
  CHECK(rate.wait() == 801);
  for (int i = 0; i < 8; ++i) CHECK(rate.spend(1, 0, 2000) == Ruling::Take);
  CHECK(rate.spend(3, 0, 2000) == Ruling::Refuse);
}
