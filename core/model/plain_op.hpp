// The shape of nearly every op: {ot, key, path, value} in this order with short strings. It is told
// by its bytes; ops of any other shape go the long way.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace vuer_rtc {

struct PlainOp {
  std::string_view ot, key, path;
  const std::uint8_t* value = nullptr;  ///< where the op's last member starts; may be the end
};

class PlainOpReader {
 public:
  PlainOpReader(const std::uint8_t* at, const std::uint8_t* end) : at_(at), end_(end) {}

  /// False when the bytes are another op, or none. The strings' bytes and the value are unchecked.
  bool read(PlainOp& out) {
    if (!step("\x84\xa2ot") || !text(out.ot) || !step("\xa3key") || !text(out.key) ||
        !step("\xa4path") || !text(out.path) || !step("\xa5value"))
      return false;
    out.value = at_;
    return true;
  }

 private:
  template <std::size_t kSize>
  bool step(const char (&bytes)[kSize]) {
    if (static_cast<std::size_t>(end_ - at_) < kSize || std::memcmp(at_, bytes, kSize - 1) != 0)
      return false;
    at_ += kSize - 1;
    return true;
  }

  /// A string of up to 255 bytes under its shortest head. A byte is left behind it.
  bool text(std::string_view& out) {
    std::size_t size = *at_ & 0x1fu;
    std::size_t head = 1;
    if ((*at_ & 0xe0) != 0xa0) {
      if (*at_ != 0xd9 || end_ - at_ < 2 || at_[1] < 32) return false;
      size = at_[1];
      head = 2;
    }
    if (static_cast<std::size_t>(end_ - at_) <= head + size) return false;
    out = {reinterpret_cast<const char*>(at_) + head, size};
    at_ += head + size;
    return true;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace vuer_rtc
