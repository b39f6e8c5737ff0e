// MessagePack at the edges: a reader over untrusted bytes and a writer. The core has no other
// encoding.
//
// Whether strings are clean UTF-8 is the caller's business (model/value). Every count is checked
// against the bytes that are left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vuer_rtc {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

enum class MsgType : std::uint8_t {
  Nil,
  Boolean,
  Number,
  String,
  Binary,
  Array,
  Map,
  Extension,
  Invalid
};

/// What the first byte of a value says: its type, and its size where no further byte is needed for
/// that (else 0).
struct MsgHead {
  MsgType type = MsgType::Invalid;
  std::uint8_t size = 0;
};

constexpr MsgHead msg_head(unsigned byte) {
  if (byte < 0x80 || byte >= 0xe0) return {MsgType::Number, 1};
  if (byte < 0x90) return {MsgType::Map, 0};
  if (byte < 0xa0) return {MsgType::Array, 0};
  if (byte < 0xc0) return {MsgType::String, static_cast<std::uint8_t>(byte - 0xa0 + 1)};
  if (byte == 0xc0) return {MsgType::Nil, 1};
  if (byte == 0xc1) return {MsgType::Invalid, 0};
  if (byte <= 0xc3) return {MsgType::Boolean, 1};
  if (byte <= 0xc6) return {MsgType::Binary, 0};
  if (byte <= 0xc9) return {MsgType::Extension, 0};
  if (byte <= 0xcb) return {MsgType::Number, static_cast<std::uint8_t>(byte == 0xca ? 5 : 9)};
  if (byte <= 0xd3) return {MsgType::Number, static_cast<std::uint8_t>(1 + (1 << (byte & 3)))};
  if (byte <= 0xd8)
    return {MsgType::Extension, static_cast<std::uint8_t>(2 + (1 << (byte - 0xd4)))};
  if (byte <= 0xdb) return {MsgType::String, 0};
  return {byte <= 0xdd ? MsgType::Array : MsgType::Map, 0};
}

struct MsgHeads {
  MsgHead of[256];
  constexpr MsgHeads() : of{} {
    for (unsigned i = 0; i < 256; ++i) of[i] = msg_head(i);
  }
};
inline constexpr MsgHeads kMsgHeads;

/// One pass over MessagePack bytes. After the first fault every call fails; ok() tells.
/// The short forms are read here, inline; all others in codec/reader.cpp.
class MsgReader {
 public:
  explicit MsgReader(ByteSpan bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  MsgReader(const std::uint8_t* begin, const std::uint8_t* end) : at_(begin), end_(end) {}

  /// Type of the next value; Invalid at the end, on 0xc1 or after a fault.
  MsgType peek() const { return at_ == end_ || !ok_ ? MsgType::Invalid : kMsgHeads.of[*at_].type; }
  bool ok() const { return ok_; }
  bool at_end() const { return at_ == end_; }
  const std::uint8_t* position() const { return at_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  bool read_nil();
  bool read_boolean(bool& out);
  /// Any integer or float form, as a double (exact up to 2^53).
  bool read_number(double& out) {
    if (at_ != end_ && ok_) {
      if (*at_ < 0x80) {
        out = *at_++;
        return true;
      }
      if (*at_ == 0xcb && left() >= 9) {
        std::uint64_t bits;
        std::memcpy(&bits, at_ + 1, 8);
        bits = __builtin_bswap64(bits);
        std::memcpy(&out, &bits, 8);
        at_ += 9;
        return true;
      }
    }
    return read_long_number(out);
  }
  /// Raw bytes, UTF-8 not checked.
  bool read_string(std::string_view& out) {
    if (at_ == end_ || !ok_ || (*at_ & 0xe0) != 0xa0) return read_long_string(out);
    const std::size_t size = *at_ & 0x1fu;
    if (size >= left()) return fail();
    out = {reinterpret_cast<const char*>(at_ + 1), size};
    at_ += 1 + size;
    return true;
  }
  bool read_binary(ByteSpan& out);
  /// Gives a count that is not above the bytes left.
  bool read_array(std::uint32_t& count) { return read_count(count, 0x90, 1); }
  /// Twice the count is not above the bytes left.
  bool read_map(std::uint32_t& count) { return read_count(count, 0x80, 2); }
  /// Steps over one value of any kind, nested up to max_depth containers; false on a fault or too
  /// deep.
  bool skip(int max_depth = 1024) {
    if (at_ != end_ && ok_) {
      const std::size_t size = kMsgHeads.of[*at_].size;
      if (size != 0 && size <= left()) {
        at_ += size;
        return true;
      }
    }
    return skip_long(max_depth);
  }
  /// As skip, and gives the bytes of the value.
  bool read_raw(ByteSpan& out, int max_depth = 1024) {
    const std::uint8_t* begin = at_;
    if (!skip(max_depth)) return false;
    out = {begin, at_};
    return true;
  }

 private:
  bool fail() {
    ok_ = false;
    return false;
  }
  bool read_count(std::uint32_t& count, std::uint8_t fixed, std::uint32_t bytes_each) {
    if (at_ == end_ || !ok_ || (*at_ & 0xf0) != fixed)
      return read_long_count(count, fixed, bytes_each);
    count = *at_ & 0x0fu;
    if (count * bytes_each >= left()) return fail();
    ++at_;
    return true;
  }
  bool read_long_number(double& out);
  bool read_long_string(std::string_view& out);
  bool read_long_count(std::uint32_t& count, std::uint8_t fixed, std::uint32_t bytes_each);
  bool skip_long(int max_depth);
  bool take(std::size_t count, const std::uint8_t*& out);
  bool take_sized(int width, std::size_t extra, const std::uint8_t*& data, std::size_t& size);

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool ok_ = true;
};

/// Appends MessagePack to a byte vector: shortest headers.
class MsgWriter {
 public:
  explicit MsgWriter(Bytes& out) : out_(out) {}

  void nil() { byte(0xc0); }
  void boolean(bool value) { byte(value ? 0xc3 : 0xc2); }
  /// Wire form (law, section 4): whole numbers up to 2^53-1 in the shortest integer form, others
  /// float64.
  void number(double value);
  /// Canonical form (law, section 11): always float64.
  void float64(double value);
  void string(std::string_view utf8);
  void binary(ByteSpan bytes);
  void array(std::uint32_t count) { head(count, 0x90, 0xdc); }
  void map(std::uint32_t count) { head(count, 0x80, 0xde); }
  void raw(ByteSpan bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }  ///< MessagePack already
  Bytes& bytes() { return out_; }

 private:
  void byte(std::uint8_t b) { out_.push_back(b); }
  void tagged(std::uint8_t tag, std::uint64_t value, int width);
  void head(std::uint32_t count, std::uint8_t fixed, std::uint8_t code16);
  Bytes& out_;
};

}  // namespace vuer_rtc
