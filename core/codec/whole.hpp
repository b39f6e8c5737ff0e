// Whole numbers, given as 3 or as 3.0: what ids, positions, clocks and lines are made of.
#pragma once

#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

/// False unless `number` is whole and low..2^53-1.
bool as_whole(double number, std::int64_t low, std::int64_t& out);
bool read_whole(MsgReader& reader, std::int64_t low, std::int64_t& out);
bool read_whole(ByteSpan bytes, std::int64_t low, std::int64_t& out);

}  // namespace vuer_rtc
