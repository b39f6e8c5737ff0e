// A JSON value as the document stores it (law, section 4).
//
// Scalars and arrays of up to four numbers lie inline: no allocation in the steady state.
// Everything else is an immutable, counted block: a string's UTF-8, or an array or object in
// canonical MessagePack (law, section 11), so that equality is equality of bytes and a digest
// copies them. The form is unique: [1,2] is always Numbers.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

class Value {
 public:
  enum class Kind : std::uint8_t {
    Missing,
    Null,
    False,
    True,
    Number,
    Numbers,
    String,
    Array,
    Object
  };

  Value() = default;
  Value(const Value& other) : n_{}, kind_(other.kind_), count_(other.count_) {
    take_content(other);
    if (has_block()) retain();
  }
  Value(Value&& other) noexcept : n_{}, kind_(other.kind_), count_(other.count_) {
    take_content(other);
    other.kind_ = Kind::Missing;
  }
  Value& operator=(const Value& other) { return *this = Value(other); }
  Value& operator=(Value&& other) noexcept {
    if (this == &other) return *this;
    if (has_block()) release();
    kind_ = other.kind_;
    count_ = other.count_;
    take_content(other);
    other.kind_ = Kind::Missing;
    return *this;
  }
  ~Value() {
    if (has_block()) release();
  }

  static Value null();
  static Value boolean(bool value);
  /// -0 becomes 0. The caller has checked that the numbers are finite.
  static Value number(double value);
  static Value numbers(const double* values, int count);  ///< count 0..4
  static Value string(std::string_view clean_utf8);
  /// An array or object from canonical bytes; an array of up to four numbers comes out as Numbers.
  static Value from_canonical(ByteSpan bytes);

  Kind kind() const { return kind_; }
  bool is_missing() const { return kind_ == Kind::Missing; }
  bool is_number() const { return kind_ == Kind::Number; }
  bool is_boolean() const { return kind_ == Kind::True || kind_ == Kind::False; }
  bool is_string() const { return kind_ == Kind::String; }
  bool is_array() const { return kind_ == Kind::Array || kind_ == Kind::Numbers; }
  bool is_object() const { return kind_ == Kind::Object; }
  bool boolean() const { return kind_ == Kind::True; }
  double number() const { return n_[0]; }
  /// The first numbers of an array that starts with at least `count` numbers (also of a longer,
  /// mixed one).
  bool leading_numbers(int count, double* out) const {
    if (kind_ != Kind::Numbers) return leading_of_array(count, out);
    if (count_ < count) return false;
    for (int i = 0; i < count; ++i) out[i] = n_[i];
    return true;
  }
  int inline_count() const { return count_; }          ///< of Numbers
  const double* inline_numbers() const { return n_; }  ///< of Numbers and Number
  std::string_view string() const;                     ///< of String
  ByteSpan canonical() const;                          ///< of Array and Object
  std::size_t size() const;  ///< bytes of String, Array and Object; 0 for the rest
  /// 0 for a scalar, 1 + the deepest member for a container.
  int depth() const;

  /// Appends the value in canonical form (law, section 11); nil for Missing.
  void write_canonical(Bytes& out) const;
  /// Appends the value in wire form (law, section 4).
  void write_wire(Bytes& out) const;

  friend bool operator==(const Value& a, const Value& b);

 private:
  struct Block;
  static Value with_block(Kind kind, const std::uint8_t* data, std::size_t size, int depth);
  bool has_block() const { return kind_ >= Kind::String; }
  /// The whole union: its bytes are copied whichever member is alive.
  void take_content(const Value& other) {
    std::memcpy(static_cast<void*>(n_), other.n_, sizeof n_);
  }
  void retain();
  void release();
  bool leading_of_array(int count, double* out) const;
  union {
    double n_[4] = {0, 0, 0, 0};
    Block* block_;
  };
  Kind kind_ = Kind::Missing;  // last, so that what holds a value uses the bytes behind it
  std::uint8_t count_ = 0;
};

/// Reads one value as the document stores it: -0 and surrogates cleaned, keys sorted. Fails on
/// non-finite numbers, binary, extensions, keys that are no strings, repeated keys, strings that
/// are not UTF-8, and depth > max_depth.
bool read_value(MsgReader& reader, Value& out, int max_depth);

/// Appends one MessagePack value in canonical form; fails as read_value does, and `out` is then as
/// it was.
bool append_canonical(MsgReader& reader, Bytes& out, int max_depth);

/// Walks the members of canonical bytes. Trusts them.
class Members {
 public:
  explicit Members(ByteSpan container);
  bool next();  ///< steps to the next element or member; false at the end
  std::string_view key() const { return key_; }  ///< of an object's member
  ByteSpan bytes() const { return bytes_; }  ///< canonical bytes of the element or member's value
  std::uint32_t count() const { return count_; }

 private:
  MsgReader reader_;
  std::uint32_t count_ = 0, done_ = 0;
  bool map_ = false;
  std::string_view key_;
  ByteSpan bytes_;
};

/// A Value from the canonical bytes of any value, scalars included.
Value value_of(ByteSpan canonical);

}  // namespace vuer_rtc
