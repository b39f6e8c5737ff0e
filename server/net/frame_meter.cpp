#include "net/frame_meter.hpp"

#include <algorithm>
#include <utility>

namespace vuer_rtc::net {
namespace {

constexpr std::uint8_t kFinal = 0x80, kControl = 0x08, kMasked = 0x80;

/// Bytes of the extended length behind this second byte.
std::size_t length_bytes(std::uint8_t second) {
  switch (second & 0x7f) {
    case 126:
      return 2;
    case 127:
      return 8;
    default:
      return 0;
  }
}

}  // namespace

std::size_t FrameMeter::header_size() const {
  if (header_bytes_ < 2) return 2;
  return 2 + length_bytes(header_[1]) + ((header_[1] & kMasked) != 0 ? 4u : 0u);
}

bool FrameMeter::feed(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty() && !broken_) {
    if (payload_left_ != 0) {
      const std::size_t skipped = std::min<std::uint64_t>(payload_left_, bytes.size());
      payload_left_ -= skipped;
      bytes = bytes.subspan(skipped);
      continue;
    }
    header_[header_bytes_++] = bytes[0];
    bytes = bytes.subspan(1);
    if (header_bytes_ >= 2 && header_bytes_ == header_size()) on_header();
  }
  return !broken_;
}

void FrameMeter::on_header() {
  const std::size_t extended = length_bytes(header_[1]);
  std::uint64_t length = extended == 0 ? header_[1] & 0x7fu : 0;
  for (std::size_t i = 0; i < extended; ++i) length = length << 8 | header_[2 + i];
  header_bytes_ = 0;
  payload_left_ = length;
  if ((header_[0] & kControl) != 0) {
    ++controls_;
    return;
  }
  ++frames_;
  empties_ += length == 0 ? 1 : 0;
  message_bytes_ += length;
  broken_ = frames_ > base_ + message_bytes_ / per_ || empties_ > empty_;
  if ((header_[0] & kFinal) == 0) return;
  frames_ = empties_ = 0;
  message_bytes_ = 0;
}

std::size_t FrameMeter::take_controls() { return std::exchange(controls_, 0); }

}  // namespace vuer_rtc::net
