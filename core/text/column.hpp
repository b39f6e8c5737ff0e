// One column of whole numbers, as eg-walker and Automerge write theirs: stretches, each of one
// value again and again or of a row of values. A stretch begins with its length times two, one more
// for a row. Numbers are varints, seven bits a byte, the lowest first.
#pragma once

#include <cstdint>
#include <vector>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

/// Appends the column as MessagePack binary.
void write_column(const std::vector<std::uint64_t>& values, MsgWriter& writer);

/// One value after the other, out of bytes that nobody checked.
class ColumnReader {
 public:
  ColumnReader() = default;
  explicit ColumnReader(ByteSpan bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}
  /// False at the end and on malformed bytes.
  bool next(std::uint64_t& out);
  bool at_end() const { return at_ == end_ && left_ == 0; }

 private:
  bool read_varint(std::uint64_t& out);

  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::uint64_t left_ = 0;  // of the stretch
  bool is_row_ = false;
  std::uint64_t value_ = 0;
};

/// Differences, modulo 2^64, as numbers that are small where the difference is: 0, -1, 1, -2, ...
inline std::uint64_t fold_sign(std::uint64_t difference) {
  return difference << 1 ^ (difference >> 63 ? ~std::uint64_t{0} : 0);
}
inline std::uint64_t unfold_sign(std::uint64_t folded) {
  return folded >> 1 ^ (folded & 1 ? ~std::uint64_t{0} : 0);
}

}  // namespace vuer_rtc
