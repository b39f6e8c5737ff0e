// Stretches of a column: written where a value comes three times or more, read one by one.
#include "text/column.hpp"

namespace vuer_rtc {
namespace {

constexpr std::size_t kShortestRepeat = 3;

void append_varint(std::uint64_t value, Bytes& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace

void write_column(const std::vector<std::uint64_t>& values, MsgWriter& writer) {
  Bytes bytes;
  std::size_t row = 0;  // begin of the values that are not written yet
  const auto write_row = [&](std::size_t end) {
    if (row < end) append_varint((end - row) << 1 | 1, bytes);
    for (; row < end; ++row) append_varint(values[row], bytes);
  };
  for (std::size_t at = 0; at < values.size();) {
    std::size_t end = at + 1;
    while (end < values.size() && values[end] == values[at]) ++end;
    if (end - at >= kShortestRepeat) {
      write_row(at);
      append_varint((end - at) << 1, bytes);
      append_varint(values[at], bytes);
      row = end;
    }
    at = end;
  }
  write_row(values.size());
  writer.binary(bytes);
}

bool ColumnReader::read_varint(std::uint64_t& out) {
  out = 0;
  for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const std::uint64_t bits = *at_ & 0x7f;
    if (bits << shift >> shift != bits) return false;
    out |= bits << shift;
    if (*at_++ < 0x80) return true;
  }
  return false;
}

bool ColumnReader::next(std::uint64_t& out) {
  if (left_ == 0) {
    if (!read_varint(left_)) return false;
    is_row_ = (left_ & 1) != 0;
    left_ >>= 1;
    if (left_ == 0 || (!is_row_ && !read_varint(value_))) return false;
  }
  if (is_row_ && !read_varint(value_)) return false;
  --left_;
  out = value_;
  return true;
}

}  // namespace vuer_rtc
