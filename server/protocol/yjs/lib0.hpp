// lib0, the encoding under Yjs (endpoint specification, section 3). A Reader never throws and never
// reads past its end: its first fault stays, and everything read after it is empty.
#pragma once

#include <cstdint>
#include <string_view>

#include "vuer_rtc/limits.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::yjs {

enum class Fault : std::uint8_t {
  None,
#define FAULT(symbol, name) symbol,
#include "protocol/yjs/faults.def"
};

std::string_view fault_name(Fault fault);

class Reader {
 public:
  explicit Reader(ByteSpan bytes) : bytes_(bytes) {}
  explicit Reader(std::string_view bytes)
      : bytes_(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) {}

  bool ok() const { return fault_ == Fault::None; }
  Fault fault() const { return fault_; }
  /// The first one counts.
  void fail(Fault fault);
  std::size_t at() const { return at_; }
  std::size_t left() const { return ok() ? bytes_.size() - at_ : 0; }
  /// Did any number take more bytes than it needs?
  bool had_long_number() const { return had_long_number_; }

  std::uint8_t byte();
  ByteSpan bytes(std::uint64_t count);
  std::uint64_t var_uint();
  void skip_var_int();
  ByteSpan var_bytes() { return bytes(var_uint()); }
  std::string_view var_string();
  /// A number of entries that take at least `least` bytes each: bounded by what is left.
  std::uint64_t count(std::uint64_t least);
  /// Walks over a value of any kind.
  void skip_any(int depth = 0);

 private:
  void skip_entries(bool with_keys, int depth);
  ByteSpan bytes_;
  std::size_t at_ = 0;
  Fault fault_ = Fault::None;
  bool had_long_number_ = false;
};

class Writer {
 public:
  void byte(unsigned value) { bytes_.push_back(static_cast<std::uint8_t>(value)); }
  void var_uint(std::uint64_t value);
  void raw(ByteSpan bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void raw(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void var_bytes(ByteSpan bytes) { var_uint(bytes.size()), raw(bytes); }
  void var_string(std::string_view text) { var_uint(text.size()), raw(text); }
  std::size_t size() const { return bytes_.size(); }
  ByteSpan view() const { return bytes_; }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

inline std::string_view as_text(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace vuer_rtc::yjs
