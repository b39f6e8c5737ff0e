// Sorting by places: every small permutation, long ones, and elements that own memory.
#include "base/sort.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

using vuer_rtc::sort_range;

TEST_CASE("sort_puts_every_permutation_of_six_in_order") {
  std::vector<int> given{0, 1, 2, 3, 4, 5};
  do {
    std::vector<int> sorted = given;
    sort_range(sorted.begin(), sorted.end(), std::less<>());
    REQUIRE(std::is_sorted(sorted.begin(), sorted.end()));
  } while (std::next_permutation(given.begin(), given.end()));
}

TEST_CASE("sort_agrees_with_the_library_on_strings") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (std::size_t count : {0u, 1u, 2u, 3u, 1000u}) {
    std::vector<std::string> sorted;
    for (std::size_t i = 0; i < count; ++i)
      sorted.push_back(std::to_string(random()) + " is longer than a short string");
    std::vector<std::string> expected = sorted;
    std::sort(expected.begin(), expected.end());
    sort_range(sorted.begin(), sorted.end(), std::less<>());
    REQUIRE(sorted == expected);
  }
}

TEST_CASE("sort_leaves_what_lies_outside_its_range") {
  std::vector<int> values{9, 3, 2, 1, 0};
  sort_range(values.begin() + 1, values.end() - 1, std::less<>());
  REQUIRE(values == std::vector<int>{9, 1, 2, 3, 0});
}
