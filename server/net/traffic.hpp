// What went over the network since the process started, counted by every connection. One object for
// the process, as the log is.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace vuer_rtc::net {

struct Traffic {
  using Number = std::atomic<std::uint64_t>;
  static constexpr int kCodes = 5000;  // close codes lie below

  Number connections = 0;  ///< open ones
  Number received_bytes = 0;
  Number sent_bytes = 0;
  Number sent_frames = 0;
  Number queued_bytes = 0;   ///< waiting for readers now
  Number queued_frames = 0;  ///< the same
  Number dropped = 0;        ///< frames a slow reader lost
  std::array<Number, kCodes> closed{};

  void count_close(int code) {
    ++closed[static_cast<std::size_t>(std::clamp(code, 0, kCodes - 1))];
  }
};

inline Traffic traffic;

}  // namespace vuer_rtc::net
