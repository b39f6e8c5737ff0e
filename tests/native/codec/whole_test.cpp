// Whole numbers: every form of one value is taken, and nothing else.
#include "codec/whole.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "vuer_rtc/limits.hpp"

using namespace vuer_rtc;

namespace {

constexpr auto kMax = static_cast<double>(kMaxInteger);

bool is_whole(double number, std::int64_t low) {
  std::int64_t out = 0;
  return as_whole(number, low, out) && static_cast<double>(out) == number;
}

}  // namespace

TEST_CASE("whole_takes_what_lies_between_its_low_and_the_largest") {
  CHECK(is_whole(0, 0));
  CHECK(is_whole(kMax, 0));
  CHECK(is_whole(-1, -1));
  CHECK(is_whole(-kMax, -static_cast<std::int64_t>(kMaxInteger)));
  CHECK_FALSE(is_whole(-1, 0));
  CHECK_FALSE(is_whole(kMax + 1, 0));
}

TEST_CASE("whole_refuses_fractions_and_what_is_no_number") {
  CHECK_FALSE(is_whole(0.5, 0));
  CHECK_FALSE(is_whole(std::nan(""), 0));
  CHECK_FALSE(is_whole(std::numeric_limits<double>::infinity(), 0));
}

TEST_CASE("whole_is_the_same_in_every_form") {
  const Bytes forms[] = {{0x03},
                         {0xcc, 0x03},
                         {0xd1, 0x00, 0x03},
                         {0xca, 0x40, 0x40, 0x00, 0x00},
                         {0xcb, 0x40, 0x08, 0, 0, 0, 0, 0, 0}};
  for (const Bytes& form : forms) {
    std::int64_t out = 0;
    CHECK(read_whole(ByteSpan(form), 0, out));
    CHECK(out == 3);
  }
}

TEST_CASE("whole_refuses_other_types_and_cut_numbers") {
  const Bytes others[] = {{}, {0xc0}, {0xa1, '3'}, {0x90}, {0xcc}, {0xc3}};
  for (const Bytes& other : others) {
    std::int64_t out = 0;
    CHECK_FALSE(read_whole(ByteSpan(other), 0, out));
  }
}
