// Sets and counts of ranges against plain arrays, and at the far end of the numbers.
#include "text/ranges.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "vuer_rtc/limits.hpp"

using vuer_rtc::kMaxInteger;
using vuer_rtc::RangeCounts;
using vuer_rtc::RangeSet;

TEST_CASE("range_set_equals_an_array_of_flags") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    RangeSet set;
    std::vector<bool> flags(80);
    for (int i = 0; i < 40; ++i) {
      const std::uint64_t from = random() % 70, to = from + random() % 8;
      bool touches = false;
      for (std::uint64_t n = from; n < to; ++n) touches = touches || flags[n];
      REQUIRE(set.touches(from, to) == touches);
      if (touches || from == to) continue;
      set.add(from, to);
      for (std::uint64_t n = from; n < to; ++n) flags[n] = true;
      set.check();
    }
  }
}

TEST_CASE("range_set_joins_neighbours_and_knows_its_end") {
  RangeSet set;
  CHECK(set.end() == 0);
  set.add(5, 10);
  set.add(0, 5);
  set.add(kMaxInteger, kMaxInteger + 1);
  set.check();
  CHECK(set.end() == kMaxInteger + 1);
  CHECK(set.touches(9, 20));
  CHECK_FALSE(set.touches(10, kMaxInteger));
}

TEST_CASE("range_counts_equal_an_array_of_counts") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 200; ++round) {
    RangeCounts counts;
    std::vector<std::uint32_t> plain(90);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> added;
    for (int i = 0; i < 40; ++i) {
      const std::uint64_t from = random() % 70, to = from + random() % 15;
      if (random() % 3 == 0 && !added.empty()) {
        const auto [first, end] = added.back();
        added.pop_back();
        counts.subtract(first, end);
        for (std::uint64_t n = first; n < end; ++n) --plain[n];
      } else if (random() % 10 == 0) {
        counts.clear(0, 90);
        plain.assign(90, 0);
        added.clear();
      } else {
        counts.add(from, to);
        added.push_back({from, to});
        for (std::uint64_t n = from; n < to; ++n) ++plain[n];
      }
      counts.check();
      std::vector<std::uint32_t> seen(90);
      counts.visit(3, 60, [&](std::uint64_t first, std::uint64_t end, std::uint32_t count) {
        for (std::uint64_t n = first; n < end; ++n) seen[n] = count;
      });
      for (std::uint64_t n = 3; n < 60; ++n) REQUIRE(seen[n] == plain[n]);
    }
  }
}

TEST_CASE("range_counts_take_the_largest_range_back") {
  RangeCounts counts;
  counts.add(1, 1 + kMaxInteger);
  counts.add(1, 1 + kMaxInteger);
  counts.subtract(1, 1 + kMaxInteger);
  CHECK(counts.size() == 2);
  counts.subtract(1, 1 + kMaxInteger);
  CHECK(counts.is_empty());
}
