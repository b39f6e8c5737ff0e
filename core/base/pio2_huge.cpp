// Huge angles: the product with 2/pi in pieces of 24 bits, only of those digits that matter (Payne
// and Hanek). From musl's src/math/__rem_pio2_large.c (MIT licence), which has it from FreeBSD's
// msun; here for doubles only.
//
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun
// Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
// freely granted, provided that this notice is preserved.
#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/pio2.hpp"

namespace vuer_rtc {

namespace {

constexpr int kTerms = 4;  // pieces of 2/pi beyond the first, to begin with
constexpr double kTwo24 = 16777216.0;
constexpr double kTwoMinus24 = 1.0 / kTwo24;

/// 2/pi: piece i holds the bits 24i..24i+23 behind the binary point.
constexpr std::int32_t kTwoOverPi[] = {
    0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163,
    0xabdebb, 0xc561b7, 0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129,
    0xa73ee8, 0x8235f5, 0x2ebb44, 0x84e99c, 0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c,
    0x845f8b, 0xbdf928, 0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11, 0x8b5a0a, 0x6d1f6d, 0x367ecf,
    0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7, 0x8a5292,
    0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330, 0x46fc7b, 0x6babf0, 0xcfbc20, 0x9af436, 0x1da9e3,
    0x91615e, 0xe61b08, 0x659985, 0x5f14a0, 0x68408d, 0xffd880, 0x4d7327, 0x310606, 0x1556ca,
    0x73a8c9, 0x60e27b, 0xc08c6b,
};

/// pi/2 in pieces of 24 bits.
constexpr double kPio2[] = {1.57079625129699707031e+00, 7.54978941586159635335e-08,
                            5.39030252995776476554e-15, 3.28200341580791294123e-22,
                            1.27065575308067607349e-29};

double power_of_two(int exponent) {
  const std::uint64_t bits = static_cast<std::uint64_t>(exponent + 1023) << 52;
  double power;
  std::memcpy(&power, &bits, sizeof power);
  return power;
}

/// One reduction. `q` are the pieces of the product, `scale_` the exponent of the first of them.
class HugeAngle {
 public:
  HugeAngle(const double* x, int exponent, int count) : x_(x), last_x_(count - 1) {
    first_ = exponent < 3 ? 0 : (exponent - 3) / 24;
    scale_ = exponent - 24 * (first_ + 1);
    for (int i = 0; i <= last_x_ + kTerms; ++i) {
      const int at = first_ - last_x_ + i;
      f_[i] = at < 0 ? 0.0 : static_cast<double>(kTwoOverPi[at]);
    }
    for (int i = 0; i <= kTerms; ++i) multiply(i);
  }

  Reduced reduce() {
    double rest = split();
    for (int more = missing_terms(rest); more > 0; more = missing_terms(rest)) {
      for (int i = last_ + 1; i <= last_ + more; ++i) {
        f_[last_x_ + i] = static_cast<double>(kTwoOverPi[first_ + i]);
        multiply(i);
      }
      last_ += more;
      rest = split();
    }
    chop(rest);
    return multiply_back();
  }

 private:
  void multiply(int i) {
    double sum = 0.0;
    for (int j = 0; j <= last_x_; ++j) sum += x_[j] * f_[last_x_ + i - j];
    q_[i] = sum;
  }

  /// Splits the product into whole pieces, takes the quadrant off, and gives what is left below the
  /// last piece.
  double split() {
    double z = q_[last_];
    for (int i = 0, j = last_; j > 0; ++i, --j) {
      const double carried = static_cast<double>(static_cast<std::int32_t>(kTwoMinus24 * z));
      pieces_[i] = static_cast<std::int32_t>(z - kTwo24 * carried);
      z = q_[j - 1] + carried;
    }
    z *= power_of_two(scale_);
    z -= 8.0 * std::floor(z * 0.125);
    quadrant_ = static_cast<int>(z);
    z -= static_cast<double>(quadrant_);
    half_ = 0;
    if (scale_ > 0) {
      const std::int32_t top = pieces_[last_ - 1] >> (24 - scale_);
      quadrant_ += top;
      pieces_[last_ - 1] -= top << (24 - scale_);
      half_ = pieces_[last_ - 1] >> (23 - scale_);
    } else if (scale_ == 0) {
      half_ = pieces_[last_ - 1] >> 23;
    } else if (z >= 0.5) {
      half_ = 2;
    }
    return half_ > 0 ? turn_over(z) : z;
  }

  /// Above one half: counts one quadrant more and goes on with 1 minus the fraction.
  double turn_over(double z) {
    ++quadrant_;
    bool borrowed = false;
    for (int i = 0; i < last_; ++i) {
      const std::int32_t piece = pieces_[i];
      if (borrowed) {
        pieces_[i] = 0xffffff - piece;
      } else if (piece != 0) {
        borrowed = true;
        pieces_[i] = 0x1000000 - piece;
      }
    }
    if (scale_ == 1) pieces_[last_ - 1] &= 0x7fffff;
    if (scale_ == 2) pieces_[last_ - 1] &= 0x3fffff;
    if (half_ != 2) return z;
    z = 1.0 - z;
    return borrowed ? z - power_of_two(scale_) : z;
  }

  /// How many more pieces of 2/pi are needed because all digits so far cancelled.
  int missing_terms(double rest) const {
    if (rest != 0.0) return 0;
    std::int32_t any = 0;
    for (int i = last_ - 1; i >= kTerms; --i) any |= pieces_[i];
    if (any != 0) return 0;
    int more = 1;
    while (pieces_[kTerms - more] == 0) ++more;
    return more;
  }

  void chop(double rest) {
    if (rest == 0.0) {
      do {
        --last_;
        scale_ -= 24;
      } while (pieces_[last_] == 0);
      return;
    }
    const double z = rest * power_of_two(-scale_);
    if (z < kTwo24) {
      pieces_[last_] = static_cast<std::int32_t>(z);
      return;
    }
    const double top = static_cast<double>(static_cast<std::int32_t>(kTwoMinus24 * z));
    pieces_[last_] = static_cast<std::int32_t>(z - kTwo24 * top);
    scale_ += 24;
    pieces_[++last_] = static_cast<std::int32_t>(top);
  }

  /// The fraction times pi/2, the smallest parts summed first.
  Reduced multiply_back() {
    double unit = power_of_two(scale_);
    for (int i = last_; i >= 0; --i, unit *= kTwoMinus24)
      q_[i] = unit * static_cast<double>(pieces_[i]);
    double products[20];
    for (int i = last_; i >= 0; --i) {
      double sum = 0.0;
      for (int k = 0; k <= kTerms && k <= last_ - i; ++k) sum += kPio2[k] * q_[i + k];
      products[last_ - i] = sum;
    }
    double head = 0.0;
    for (int i = last_; i >= 0; --i) head += products[i];
    double tail = products[0] - head;
    for (int i = 1; i <= last_; ++i) tail += products[i];
    return half_ == 0 ? Reduced{quadrant_ & 7, head, tail} : Reduced{quadrant_ & 7, -head, -tail};
  }

  const double* x_;
  int last_x_;
  int first_;  // piece of 2/pi that the product starts with
  int scale_;
  int last_ = kTerms;
  int quadrant_ = 0;
  int half_ = 0;  // above 0: the fraction is above one half
  double f_[20];
  double q_[20];
  std::int32_t pieces_[20];
};

}  // namespace

Reduced reduce_huge(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const int exponent = static_cast<int>(bits >> 52 & 0x7ff) - (1023 + 23);
  bits = (bits & 0xfffffffffffffull) | std::uint64_t{1023 + 23} << 52;
  double z, parts[3];
  std::memcpy(&z, &bits, sizeof z);
  for (int i = 0; i < 2; ++i) {
    parts[i] = static_cast<double>(static_cast<std::int32_t>(z));
    z = (z - parts[i]) * kTwo24;
  }
  parts[2] = z;
  int count = 3;
  while (parts[count - 1] == 0.0) --count;
  const Reduced found = HugeAngle(parts, exponent, count).reduce();
  return x < 0 ? Reduced{-found.quadrant, -found.head, -found.tail} : found;
}

}  // namespace vuer_rtc
