// Angles of ordinary size: pi/2 in three parts of 33 bits, taken away in as many rounds as the
// cancellation needs. From musl's src/math/__rem_pio2.c (MIT licence), which has it from FreeBSD's
// msun.
//
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun
// Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
// freely granted, provided that this notice is preserved. Optimized by Bruce D. Evans.
#include "base/pio2.hpp"

#include <cstdint>
#include <cstring>

namespace vuer_rtc {

namespace {

constexpr double kToInteger = 1.5 / 2.220446049250313080847263336181640625e-16;
constexpr double kQuarterPi = 7.85398163397448278999e-01;
constexpr double kInversePio2 = 6.36619772367581382433e-01;
constexpr double kPio2First = 1.57079632673412561417e+00;      // first 33 bits of pi/2
constexpr double kPio2FirstTail = 6.07710050650619224932e-11;  // pi/2 without them
constexpr double kPio2Second = 6.07710050630396597660e-11;
constexpr double kPio2SecondTail = 2.02226624879595063154e-21;
constexpr double kPio2Third = 2.02226624871116645580e-21;
constexpr double kPio2ThirdTail = 8.47842766036889956997e-32;

std::uint64_t bits_of(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

int exponent_of(double x) { return static_cast<int>(bits_of(x) >> 52 & 0x7ff); }

/// A small whole multiple of pi/2 taken away in one round, good to 85 bits.
Reduced take_away(double x, int count) {
  const double z = x - count * kPio2First;
  const double tail = count * kPio2FirstTail;
  const double head = z - tail;
  return {count, head, (z - head) - tail};
}

Reduced reduce_medium(double x) {
  double count = x * kInversePio2 + kToInteger - kToInteger;
  double r = x - count * kPio2First;
  if (const double near = r - count * kPio2FirstTail; near < -kQuarterPi || near > kQuarterPi) {
    count += near < 0 ? -1 : 1;
    r = x - count * kPio2First;
  }
  double w = count * kPio2FirstTail;
  double head = r - w;
  const int exponent = exponent_of(x);
  if (exponent - exponent_of(head) > 16) {
    double before = r;
    w = count * kPio2Second;
    r = before - w;
    w = count * kPio2SecondTail - ((before - r) - w);
    head = r - w;
    if (exponent - exponent_of(head) > 49) {
      before = r;
      w = count * kPio2Third;
      r = before - w;
      w = count * kPio2ThirdTail - ((before - r) - w);
      head = r - w;
    }
  }
  return {static_cast<int>(count), head, (r - head) - w};
}

/// How many times pi/2 lies in an angle up to 9pi/4; 0 close to a multiple, where one round is not
/// enough.
int small_count(std::uint32_t high) {
  if ((high & 0xfffff) == 0x921fb || high == 0x4012d97c) return 0;
  if (high <= 0x4002d97c) return 1;
  if (high <= 0x400f6a7a) return 2;
  return high <= 0x4015fdbc ? 3 : 4;
}

}  // namespace

Reduced reduce_half_pi(double x) {
  const auto high = static_cast<std::uint32_t>(bits_of(x) >> 32 & 0x7fffffff);
  const int count = high <= 0x401c463b ? small_count(high) : 0;
  if (count != 0) return take_away(x, x < 0 ? -count : count);
  return high < 0x413921fb ? reduce_medium(x) : reduce_huge(x);
}

}  // namespace vuer_rtc
