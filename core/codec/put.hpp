// MessagePack into memory that is large enough. Each call gives the place behind what it wrote; up
// to kMostNumber bytes from the place it was given may hold anything afterwards.
#pragma once

#include <cstdint>
#include <string_view>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

inline constexpr std::size_t kMostNumber =
    9;  // bytes that a number, or the head of anything, takes

std::uint8_t* put_number(std::uint8_t* at, double value);  ///< in wire form
std::uint8_t* put_string(std::uint8_t* at, std::string_view utf8);
std::uint8_t* put_array(std::uint8_t* at, std::uint32_t count);

inline std::uint8_t* put_bytes(std::uint8_t* at, ByteSpan bytes) {
  if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
  return at + bytes.size();
}

}  // namespace vuer_rtc
