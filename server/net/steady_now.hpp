// The clock of the network layer's limits: milliseconds that never jump.
#pragma once

#include <chrono>
#include <cstdint>

namespace vuer_rtc::net {

inline std::int64_t steady_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace vuer_rtc::net
