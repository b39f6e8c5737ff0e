// Numbers as MessagePack writes them: the most significant byte first.
#pragma once

#include <cstdint>
#include <cstring>

namespace vuer_rtc {

inline std::uint64_t load_big_endian_8(const std::uint8_t* at) {
  std::uint64_t bits;
  std::memcpy(&bits, at, 8);
  return __builtin_bswap64(bits);
}

/// `width` is 0, 1, 2, 4 or 8.
std::uint64_t load_big_endian(const std::uint8_t* at, int width);

}  // namespace vuer_rtc
