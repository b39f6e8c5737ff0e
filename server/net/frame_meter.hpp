// Watches the frame headers of a WebSocket stream as its bytes pass by. The library joins frames to
// messages and does not say how many there were: a message in a million empty pieces costs a
// million turns and grows nothing, so it is counted here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "net/policy.hpp"

namespace vuer_rtc::net {

class FrameMeter {
 public:
  explicit FrameMeter(const ConnectionPolicy& policy)
      : base_(policy.frames_base), per_(policy.frame_bytes), empty_(policy.empty_frames) {}

  /// False from the first message on that has too many frames. Pieces may end anywhere.
  bool feed(std::span<const std::uint8_t> bytes);
  /// Pings, pongs and closes since the last call.
  std::size_t take_controls();

 private:
  void on_header();
  std::size_t header_size() const;

  std::uint32_t base_, per_, empty_;
  std::array<std::uint8_t, 14> header_{};
  std::uint8_t header_bytes_ = 0;  // how much of it is here
  bool broken_ = false;
  std::uint32_t frames_ = 0, empties_ = 0, controls_ = 0;  // of the message under way
  std::uint64_t payload_left_ = 0, message_bytes_ = 0;
};

}  // namespace vuer_rtc::net
