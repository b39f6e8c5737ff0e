// MessagePack at the edges: a reader over untrusted bytes and a writer. The core has no other encoding.
//
// Strings handed out by the reader are clean UTF-8 or the read fails; encoded surrogates are the
// caller's business (model/value). Every count is checked against the bytes that are left.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vuer_rtc {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

enum class MsgType : std::uint8_t { Nil, Boolean, Number, String, Binary, Array, Map, Extension, Invalid };

/// One pass over MessagePack bytes. After the first fault every call fails; ok() tells.
class MsgReader {
 public:
  explicit MsgReader(ByteSpan bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  MsgType peek() const;            ///< type of the next value; Invalid at the end, on 0xc1 or after a fault
  bool ok() const { return ok_; }
  bool at_end() const { return at_ == end_; }
  const std::uint8_t* position() const { return at_; }

  bool read_nil();
  bool read_boolean(bool& out);
  bool read_number(double& out);   ///< any integer or float form, as a double (exact up to 2^53)
  bool read_string(std::string_view& out);   ///< raw bytes, UTF-8 not checked
  bool read_binary(ByteSpan& out);
  bool read_array(std::uint32_t& count);     ///< count <= bytes left
  bool read_map(std::uint32_t& count);       ///< 2 * count <= bytes left
  /// Steps over one value of any kind, nested up to max_depth containers; false on a fault or too deep.
  bool skip(int max_depth = 1024);
  /// As skip, and gives the bytes of the value.
  bool read_raw(ByteSpan& out, int max_depth = 1024);

 private:
  bool fail();
  bool take(std::size_t count, const std::uint8_t*& out);
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool ok_ = true;
};

/// Appends MessagePack to a byte vector: shortest headers.
class MsgWriter {
 public:
  explicit MsgWriter(Bytes& out) : out_(out) {}

  void nil();
  void boolean(bool value);
  /// Wire form (law, section 4): whole numbers up to 2^53-1 in the shortest integer form, others float64.
  void number(double value);
  /// Canonical form (law, section 11): always float64.
  void float64(double value);
  void string(std::string_view utf8);
  void binary(ByteSpan bytes);
  void array(std::uint32_t count);
  void map(std::uint32_t count);
  void raw(ByteSpan bytes);        ///< bytes that are MessagePack already
  Bytes& bytes() { return out_; }

 private:
  void byte(std::uint8_t b) { out_.push_back(b); }
  void big_endian(std::uint64_t value, int width);
  void head(std::uint32_t count, std::uint8_t fixed, std::uint32_t fixed_limit, std::uint8_t code8, std::uint8_t code16);
  Bytes& out_;
};

}  // namespace vuer_rtc
