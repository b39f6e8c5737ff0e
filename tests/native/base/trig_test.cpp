// sin and cos near the C library's (one unit in the last place), and the same bits in every build.
#include "base/trig.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>

#include "base/sha256.hpp"

using namespace vuer_rtc;

namespace {

bool is_within_an_ulp(double ours, double theirs) {
  return ours == theirs || std::nextafter(ours, theirs) == theirs;
}

void check_angle(double x) {
  INFO("x " << x);
  REQUIRE(is_within_an_ulp(rtc_sin(x), std::sin(x)));
  REQUIRE(is_within_an_ulp(rtc_cos(x), std::cos(x)));
}

/// Finite doubles of all sizes, the same sequence everywhere.
double angle(std::mt19937_64& random) {
  std::uint64_t bits = random();
  if (bits & 1)
    bits = (bits & ~(std::uint64_t{0x7ff} << 52)) | (std::uint64_t{1015} + (bits >> 1) % 40) << 52;
  if ((bits >> 52 & 0x7ff) == 0x7ff) bits &= ~(std::uint64_t{1} << 62);
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

}  // namespace

TEST_CASE("trig_is_within_an_ulp_of_the_c_library", "[base]") {
  std::mt19937_64 random(20260101);
  for (int i = 0; i < 200000; ++i) check_angle(angle(random));
  for (int i = -20000; i < 20000; ++i) {
    const double x = i * 0.78539816339744830962;
    check_angle(x);
    check_angle(std::nextafter(x, 1e300));
    check_angle(std::nextafter(x, -1e300));
  }
  for (int exponent = -1070; exponent < 1024; ++exponent) check_angle(std::ldexp(1.0, exponent));
}

TEST_CASE("trig_keeps_the_special_values", "[base]") {
  CHECK(std::signbit(rtc_sin(-0.0)));
  CHECK(rtc_cos(0.0) == 1.0);
  for (const double x :
       {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(std::isnan(rtc_sin(x)));
    CHECK(std::isnan(rtc_cos(x)));
  }
}

TEST_CASE("trig_has_the_same_bits_in_every_build", "[base]") {
  std::mt19937_64 random(1);
  Sha256 hash;
  for (int i = 0; i < 1000000; ++i) {
    const double x = angle(random);
    const double pair[2] = {rtc_sin(x), rtc_cos(x)};
    hash.add({reinterpret_cast<const std::uint8_t*>(pair), sizeof pair});
  }
  const auto digest = hash.finish();
  std::uint64_t head;
  std::memcpy(&head, digest.data(), sizeof head);
  CHECK(head == 0xd2d086227ed1ec9full);
}
