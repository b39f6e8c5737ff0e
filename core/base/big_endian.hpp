// Numbers as MessagePack writes them: the most significant byte first.
#pragma once

#include <cstdint>

namespace vuer_rtc {

/// `width` is 0, 1, 2, 4 or 8.
std::uint64_t load_big_endian(const std::uint8_t* at, int width);

}  // namespace vuer_rtc
