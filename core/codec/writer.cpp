// MessagePack out: shortest headers, and the two forms of numbers.
#include <cstring>

#include "codec/put.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

namespace {

/// `width` is 1, 2, 4 or 8.
std::uint8_t* put_tagged(std::uint8_t* at, std::uint8_t tag, std::uint64_t value, int width) {
  const std::uint64_t bits = __builtin_bswap64(value << (64 - 8 * width));
  *at = tag;
  std::memcpy(at + 1, &bits, sizeof bits);
  return at + 1 + width;
}

std::uint8_t* put_head(std::uint8_t* at, std::uint32_t count, unsigned fixed, std::uint8_t code16) {
  if (count <= 0xffff && count >= 16) return put_tagged(at, code16, count, 2);
  if (count > 0xffff) return put_tagged(at, static_cast<std::uint8_t>(code16 + 1), count, 4);
  *at = static_cast<std::uint8_t>(fixed | count);
  return at + 1;
}

std::uint8_t* put_float64(std::uint8_t* at, double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, 8);
  return put_tagged(at, 0xcb, bits, 8);
}

}  // namespace

std::uint8_t* put_number(std::uint8_t* at, double value) {
  constexpr double kMax = static_cast<double>(kMaxInteger);
  if (!(value >= -kMax && value <= kMax)) return put_float64(at, value);
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) != value) return put_float64(at, value);
  const auto bits = static_cast<std::uint64_t>(whole);
  if (whole >= -0x20 && whole < 0x80) {
    *at = static_cast<std::uint8_t>(bits);
    return at + 1;
  }
  if (whole >= 0) {
    if (whole <= 0xff) return put_tagged(at, 0xcc, bits, 1);
    if (whole <= 0xffff) return put_tagged(at, 0xcd, bits, 2);
    if (whole <= 0xffffffff) return put_tagged(at, 0xce, bits, 4);
    return put_tagged(at, 0xcf, bits, 8);
  }
  if (whole >= -0x80) return put_tagged(at, 0xd0, bits, 1);
  if (whole >= -0x8000) return put_tagged(at, 0xd1, bits, 2);
  if (whole >= -0x80000000ll) return put_tagged(at, 0xd2, bits, 4);
  return put_tagged(at, 0xd3, bits, 8);
}

std::uint8_t* put_array(std::uint8_t* at, std::uint32_t count) {
  return put_head(at, count, 0x90, 0xdc);
}

std::uint8_t* put_string(std::uint8_t* at, std::string_view utf8) {
  const std::size_t size = utf8.size();
  if (size < 32) {
    *at++ = static_cast<std::uint8_t>(0xa0 | size);
  } else if (size <= 0xff) {
    at = put_tagged(at, 0xd9, size, 1);
  } else if (size <= 0xffff) {
    at = put_tagged(at, 0xda, size, 2);
  } else {
    at = put_tagged(at, 0xdb, size, 4);
  }
  return put_bytes(at, {reinterpret_cast<const std::uint8_t*>(utf8.data()), size});
}

void MsgWriter::tagged(std::uint8_t tag, std::uint64_t value, int width) {
  std::uint8_t bytes[kMostNumber];
  out_.insert(out_.end(), bytes, put_tagged(bytes, tag, value, width));
}

void MsgWriter::float64(double value) {
  std::uint8_t bytes[kMostNumber];
  out_.insert(out_.end(), bytes, put_float64(bytes, value));
}

void MsgWriter::number(double value) {
  std::uint8_t bytes[kMostNumber];
  out_.insert(out_.end(), bytes, put_number(bytes, value));
}

void MsgWriter::string(std::string_view utf8) {
  const std::size_t size = utf8.size();
  const std::size_t at = out_.size();
  out_.resize(at + size + kMostNumber);
  const std::uint8_t* end = put_string(out_.data() + at, utf8);
  out_.resize(static_cast<std::size_t>(end - out_.data()));
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
  std::uint8_t bytes[kMostNumber];
  out_.insert(out_.end(), bytes, put_head(bytes, count, fixed, code16));
}

}  // namespace vuer_rtc
