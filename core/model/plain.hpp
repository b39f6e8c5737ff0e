// The usual shapes of messages and ops: members in the order in which every store writes them,
// short strings. They are told by their bytes; whatever has another shape goes the long way. And
// the writer of that order.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "codec/put.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

/// Steps over bytes that are expected; each call is false where something else stands.
class PlainReader {
 public:
  PlainReader(const std::uint8_t* at, const std::uint8_t* end) : at_(at), end_(end) {}
  const std::uint8_t* position() const { return at_; }
  const std::uint8_t* end() const { return end_; }
  void go_to(const std::uint8_t* at) { at_ = at; }

  /// Exactly these bytes, and at least one more behind them.
  template <std::size_t kSize>
  bool step(const char (&bytes)[kSize]) {
    if (static_cast<std::size_t>(end_ - at_) < kSize || std::memcmp(at_, bytes, kSize - 1) != 0)
      return false;
    at_ += kSize - 1;
    return true;
  }

  /// A string of up to 255 bytes under its shortest head, what its bytes are is not looked at. At
  /// least one byte is left before it, and behind it.
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

  bool number(double& out) {
    MsgReader reader(at_, end_);
    if (!reader.read_number(out)) return false;
    at_ = reader.position();
    return true;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

/// Appends to a byte vector, with one look at its room. `bound`: bytes that come at most, and
/// kMostNumber more.
class PlainWriter {
 public:
  PlainWriter(Bytes& out, std::size_t bound) : out_(out) {
    const std::size_t size = out.size();
    out.resize(size + bound);
    at_ = out.data() + size;
  }
  ~PlainWriter() { out_.resize(static_cast<std::size_t>(at_ - out_.data())); }
  PlainWriter(const PlainWriter&) = delete;
  PlainWriter& operator=(const PlainWriter&) = delete;

  template <std::size_t kSize>
  void step(const char (&bytes)[kSize]) {
    std::memcpy(at_, bytes, kSize - 1);
    at_ += kSize - 1;
  }
  void byte(unsigned byte) { *at_++ = static_cast<std::uint8_t>(byte); }
  void text(std::string_view utf8) { at_ = put_string(at_, utf8); }
  void number(double value) { at_ = put_number(at_, value); }
  void array(std::uint32_t count) { at_ = put_array(at_, count); }
  void raw(ByteSpan bytes) { at_ = put_bytes(at_, bytes); }

 private:
  Bytes& out_;
  std::uint8_t* at_;
};

/// {ot, key, path, value}: what nearly every op is.
struct PlainOp {
  std::string_view ot, key, path;
  const std::uint8_t* value = nullptr;  ///< where the last member starts
};

inline bool read_plain_op(const std::uint8_t* at, const std::uint8_t* end, PlainOp& out) {
  PlainReader reader(at, end);
  const bool is_plain = reader.step("\x84\xa2ot") && reader.text(out.ot) &&
                        reader.step("\xa3key") && reader.text(out.key) && reader.step("\xa4path") &&
                        reader.text(out.path) && reader.step("\xa5value");
  out.value = reader.position();
  return is_plain;
}

}  // namespace vuer_rtc
