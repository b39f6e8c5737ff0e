// Whole numbers, given as 3 or as 3.0, up to 2^53-1, the largest that every runtime holds exactly:
// what ids, positions, clocks and lines are made of.
#pragma once

#include "vuer_rtc/limits.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

/// False unless `number` is whole and low..2^53-1.
inline bool as_whole(double number, std::int64_t low, std::int64_t& out) {
  constexpr double kMax = static_cast<double>(kMaxInteger);
  if (!(number >= static_cast<double>(low) && number <= kMax)) return false;
  out = static_cast<std::int64_t>(number);
  return static_cast<double>(out) == number;
}

inline bool read_whole(MsgReader& reader, std::int64_t low, std::int64_t& out) {
  double number = 0;
  return reader.read_number(number) && as_whole(number, low, out);
}

inline bool read_whole(ByteSpan bytes, std::int64_t low, std::int64_t& out) {
  MsgReader reader(bytes);
  return read_whole(reader, low, out);
}

}  // namespace vuer_rtc
