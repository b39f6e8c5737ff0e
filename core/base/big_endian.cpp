// Numbers as MessagePack writes them.
#include "base/big_endian.hpp"

#include <cstring>

namespace vuer_rtc {

std::uint64_t load_big_endian(const std::uint8_t* at, int width) {
  if (width == 8) return load_big_endian_8(at);
  if (width == 4) {
    std::uint32_t bits;
    std::memcpy(&bits, at, 4);
    return __builtin_bswap32(bits);
  }
  return width == 0 ? 0 : width == 1 ? at[0] : static_cast<unsigned>(at[0] << 8 | at[1]);
}

}  // namespace vuer_rtc
