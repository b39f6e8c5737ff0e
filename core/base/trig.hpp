// sin and cos with the same bits in every build (musl's algorithm; see THIRD_PARTY.md). Radians.
#pragma once

namespace vuer_rtc {
double rtc_sin(double x);
double rtc_cos(double x);
}  // namespace vuer_rtc
