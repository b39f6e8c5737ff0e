// The long forms of MessagePack. Nothing is allocated, and no count or size is believed before the
// bytes are there.
#include <cstring>

#include "base/big_endian.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

namespace {

double load_float64(const std::uint8_t* at) {
  const std::uint64_t bits = load_big_endian(at, 8);
  double value;
  std::memcpy(&value, &bits, 8);
  return value;
}

double load_float32(const std::uint8_t* at) {
  const auto bits = static_cast<std::uint32_t>(load_big_endian(at, 4));
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}

double load_integer(const std::uint8_t* at, int width, bool is_signed) {
  const std::uint64_t bits = load_big_endian(at, width);
  if (!is_signed) return static_cast<double>(bits);
  const int shift = 64 - 8 * width;
  return static_cast<double>(static_cast<std::int64_t>(bits << shift) >> shift);
}

/// Bytes that say the size of a string, binary or extension with a size field: 1, 2 or 4.
int size_width(std::uint8_t head, std::uint8_t first) { return 1 << (head - first); }

}  // namespace

bool MsgReader::take(std::size_t count, const std::uint8_t*& out) {
  if (!ok_ || left() < count) return fail();
  out = at_;
  at_ += count;
  return true;
}

/// Behind a head: a size of `width` bytes, then that many bytes and `extra` more.
bool MsgReader::take_sized(int width, std::size_t extra, const std::uint8_t*& data,
                           std::size_t& size) {
  const std::uint8_t* sized;
  if (!take(1 + static_cast<std::size_t>(width), sized)) return false;
  size = static_cast<std::size_t>(load_big_endian(sized + 1, width));
  if (size > left()) return fail();
  return take(size + extra, data);
}

bool MsgReader::read_nil() {
  if (peek() != MsgType::Nil) return fail();
  ++at_;
  return true;
}

bool MsgReader::read_boolean(bool& out) {
  if (peek() != MsgType::Boolean) return fail();
  out = *at_++ == 0xc3;
  return true;
}

bool MsgReader::read_long_number(double& out) {
  if (peek() != MsgType::Number) return fail();
  const std::uint8_t head = *at_;
  const int width = kMsgHeads.of[head].size - 1;
  const std::uint8_t* data;
  if (!take(1 + static_cast<std::size_t>(width), data)) return false;
  if (head == 0xcb) {
    out = load_float64(data + 1);
  } else if (head == 0xca) {
    out = load_float32(data + 1);
  } else if (width == 0) {
    out = static_cast<std::int8_t>(head);
  } else {
    out = load_integer(data + 1, width, head >= 0xd0);
  }
  return true;
}

bool MsgReader::read_long_string(std::string_view& out) {
  if (peek() != MsgType::String) return fail();
  const std::uint8_t* data;
  std::size_t size;
  if (*at_ < 0xc0) {
    size = *at_ & 0x1fu;
    if (!take(1 + size, data)) return false;
    ++data;
  } else if (!take_sized(size_width(*at_, 0xd9), 0, data, size)) {
    return false;
  }
  out = {reinterpret_cast<const char*>(data), size};
  return true;
}

bool MsgReader::read_binary(ByteSpan& out) {
  if (peek() != MsgType::Binary) return fail();
  const std::uint8_t* data;
  std::size_t size;
  if (!take_sized(size_width(*at_, 0xc4), 0, data, size)) return false;
  out = {data, size};
  return true;
}

bool MsgReader::read_long_count(std::uint32_t& count, std::uint8_t fixed,
                                std::uint32_t bytes_each) {
  const MsgType wanted = fixed == 0x90 ? MsgType::Array : MsgType::Map;
  if (peek() != wanted) return fail();
  const std::uint8_t head = *at_;
  const int width = (head & 0xf0) == fixed ? 0 : (head & 1) == 0 ? 2 : 4;
  const std::uint8_t* data;
  if (!take(1 + static_cast<std::size_t>(width), data)) return false;
  const std::uint64_t found = width == 0 ? head & 0x0fu : load_big_endian(data + 1, width);
  if (found * bytes_each > left()) return fail();
  count = static_cast<std::uint32_t>(found);
  return true;
}

/// Not recursive: `open[depth]` counts the values still to come in each container around this one.
bool MsgReader::skip_long(int max_depth) {
  constexpr int kDeepest = 1024;
  const int limit = max_depth < kDeepest ? max_depth : kDeepest;
  std::uint64_t open[kDeepest + 1];
  int depth = 0;
  for (std::uint64_t here = 1;;) {
    for (; here > 0 && at_ != end_ && ok_; --here) {
      const std::size_t whole = kMsgHeads.of[*at_].size;
      if (whole == 0) break;
      if (whole > left()) return fail();
      at_ += whole;
    }
    if (here == 0) {
      if (depth == 0) return true;
      here = open[--depth];
      continue;
    }
    --here;
    std::uint32_t count = 0;
    const std::uint8_t* data;
    std::size_t size;
    const MsgType type = peek();
    switch (type) {
      case MsgType::String:
        if (!take_sized(size_width(*at_, 0xd9), 0, data, size)) return false;
        continue;
      case MsgType::Binary:
        if (!take_sized(size_width(*at_, 0xc4), 0, data, size)) return false;
        continue;
      case MsgType::Extension:
        if (!take_sized(size_width(*at_, 0xc7), 1, data, size)) return false;
        continue;
      case MsgType::Array:
      case MsgType::Map:
        if (!(type == MsgType::Array ? read_array(count) : read_map(count))) return false;
        break;
      default:
        return fail();
    }
    if (depth == limit) return fail();
    open[depth++] = here;
    here = std::uint64_t{count} << (type == MsgType::Map ? 1 : 0);
  }
}

}  // namespace vuer_rtc
