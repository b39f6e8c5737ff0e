#include "room/bloom.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc;
using namespace vuer_rtc::server;

TEST_CASE("bloom_holds_what_was_added_and_little_else") {
  Bytes filter = make_bloom(1000);
  CHECK(filter.size() == 1250);
  for (int i = 0; i < 1000; ++i) bloom_add(filter, "salt", "a:" + std::to_string(i));
  int wrong = 0;
  for (int i = 0; i < 1000; ++i) {
    CHECK(bloom_may_hold(filter, "salt", "a:" + std::to_string(i)));
    wrong += bloom_may_hold(filter, "salt", "b:" + std::to_string(i));
  }
  CHECK(wrong < 30);
}

TEST_CASE("bloom_empty_filter_holds_nothing") { CHECK_FALSE(bloom_may_hold({}, "salt", "a:1")); }
