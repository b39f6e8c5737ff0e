// sin and cos as musl computes them (src/math: sin.c, cos.c, __sin.c, __cos.c, __rem_pio2.c,
// __rem_pio2_large.c), MIT licence, which has them from FreeBSD's msun. Every step is plain IEEE
// double arithmetic, so all builds agree.
//
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro and
// SunSoft, Sun Microsystems, Inc. businesses. Permission to use, copy, modify, and distribute this
// software is freely granted, provided that this notice is preserved.
#include "base/trig.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/pio2.hpp"

namespace vuer_rtc {

namespace {

constexpr std::uint32_t kSignless = 0x7fffffff;
constexpr std::uint32_t kQuarterPi = 0x3fe921fb;  // high words of the doubles
constexpr std::uint32_t kInfinity = 0x7ff00000;

std::uint32_t high_word(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return static_cast<std::uint32_t>(bits >> 32);
}

/// sin(x + tail) for |x| up to pi/4; the tail is far below x.
double sin_kernel(double x, double tail, bool has_tail) {
  constexpr double S1 = -1.66666666666666324348e-01, S2 = 8.33333333332248946124e-03,
                   S3 = -1.98412698298579493134e-04, S4 = 2.75573137070700676789e-06,
                   S5 = -2.50507602534068634195e-08, S6 = 1.58969099521155010221e-10;
  const double z = x * x;
  const double w = z * z;
  const double r = S2 + z * (S3 + z * S4) + z * w * (S5 + z * S6);
  const double v = z * x;
  if (!has_tail) return x + v * (S1 + z * r);
  return x - ((z * (0.5 * tail - v * r) - tail) - v * S1);
}

/// cos(x + tail), likewise.
double cos_kernel(double x, double tail) {
  constexpr double C1 = 4.16666666666666019037e-02, C2 = -1.38888888888741095749e-03,
                   C3 = 2.48015872894767294178e-05, C4 = -2.75573143513906633035e-07,
                   C5 = 2.08757232129817482790e-09, C6 = -1.13596475577881948265e-11;
  const double z = x * x;
  const double squared = z * z;
  const double r = z * (C1 + z * (C2 + z * C3)) + squared * squared * (C4 + z * (C5 + z * C6));
  const double half = 0.5 * z;
  const double w = 1.0 - half;
  return w + (((1.0 - w) - half) + (z * r - x * tail));
}

}  // namespace

double rtc_sin(double x) {
  const std::uint32_t high = high_word(x) & kSignless;
  if (high <= kQuarterPi) return high < 0x3e500000 ? x : sin_kernel(x, 0.0, false);
  if (high >= kInfinity) return x - x;
  const Reduced y = reduce_half_pi(x);
  switch (y.quadrant & 3) {
    case 0:
      return sin_kernel(y.head, y.tail, true);
    case 1:
      return cos_kernel(y.head, y.tail);
    case 2:
      return -sin_kernel(y.head, y.tail, true);
    default:
      return -cos_kernel(y.head, y.tail);
  }
}

double rtc_cos(double x) {
  const std::uint32_t high = high_word(x) & kSignless;
  if (high <= kQuarterPi) return high < 0x3e46a09e ? 1.0 : cos_kernel(x, 0.0);
  if (high >= kInfinity) return x - x;
  const Reduced y = reduce_half_pi(x);
  switch (y.quadrant & 3) {
    case 0:
      return cos_kernel(y.head, y.tail);
    case 1:
      return -sin_kernel(y.head, y.tail, true);
    case 2:
      return -cos_kernel(y.head, y.tail);
    default:
      return sin_kernel(y.head, y.tail, true);
  }
}

}  // namespace vuer_rtc
