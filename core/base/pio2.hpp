// Reduction of an angle to [-pi/4, pi/4]: x = quadrant * pi/2 + head + tail, the quadrant modulo 8.
#pragma once

namespace vuer_rtc {

struct Reduced {
  int quadrant;
  double head;
  double tail;
};

/// For finite |x| above about pi/4.
Reduced reduce_half_pi(double x);
/// The same for |x| of 2^20 * pi/2 and more.
Reduced reduce_huge(double x);

}  // namespace vuer_rtc
