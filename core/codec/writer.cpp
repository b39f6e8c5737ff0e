// MessagePack out: shortest headers, and the two forms of numbers.
#include <cstring>

#include "vuer_rtc/limits.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

void MsgWriter::tagged(std::uint8_t tag, std::uint64_t value, int width) {
  std::uint8_t bytes[9];
  bytes[0] = tag;
  for (int i = 0; i < width; ++i)
    bytes[1 + i] = static_cast<std::uint8_t>(value >> (8 * (width - 1 - i)));
  out_.insert(out_.end(), bytes, bytes + 1 + width);
}

void MsgWriter::float64(double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, 8);
  tagged(0xcb, bits, 8);
}

void MsgWriter::number(double value) {
  constexpr double kMax = static_cast<double>(kMaxInteger);
  if (!(value >= -kMax && value <= kMax)) return float64(value);
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) != value) return float64(value);
  const auto bits = static_cast<std::uint64_t>(whole);
  if (whole >= 0) {
    if (whole < 0x80) return byte(static_cast<std::uint8_t>(whole));
    if (whole <= 0xff) return tagged(0xcc, bits, 1);
    if (whole <= 0xffff) return tagged(0xcd, bits, 2);
    if (whole <= 0xffffffff) return tagged(0xce, bits, 4);
    return tagged(0xcf, bits, 8);
  }
  if (whole >= -0x20) return byte(static_cast<std::uint8_t>(whole));
  if (whole >= -0x80) return tagged(0xd0, bits, 1);
  if (whole >= -0x8000) return tagged(0xd1, bits, 2);
  if (whole >= -0x80000000ll) return tagged(0xd2, bits, 4);
  tagged(0xd3, bits, 8);
}

void MsgWriter::string(std::string_view utf8) {
  const std::size_t size = utf8.size();
  if (size < 32) {
    byte(static_cast<std::uint8_t>(0xa0 | size));
  } else if (size <= 0xff) {
    tagged(0xd9, size, 1);
  } else if (size <= 0xffff) {
    tagged(0xda, size, 2);
  } else {
    tagged(0xdb, size, 4);
  }
  const auto* data = reinterpret_cast<const std::uint8_t*>(utf8.data());
  out_.insert(out_.end(), data, data + size);
}

void MsgWriter::binary(ByteSpan bytes) {
  const std::size_t size = bytes.size();
  if (size <= 0xff) {
    tagged(0xc4, size, 1);
  } else if (size <= 0xffff) {
    tagged(0xc5, size, 2);
  } else {
    tagged(0xc6, size, 4);
  }
  raw(bytes);
}

void MsgWriter::head(std::uint32_t count, std::uint8_t fixed, std::uint8_t code16) {
  if (count < 16) {
    byte(static_cast<std::uint8_t>(fixed | count));
  } else if (count <= 0xffff) {
    tagged(code16, count, 2);
  } else {
    tagged(static_cast<std::uint8_t>(code16 + 1), count, 4);
  }
}

}  // namespace vuer_rtc
