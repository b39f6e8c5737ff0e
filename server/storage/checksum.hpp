// CRC-64 (ECMA-182, reflected) over the fields of a row, each with its length, so that no two rows
// look alike.
#pragma once

#include <cstdint>
#include <string_view>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc::server {

class Checksum {
 public:
  Checksum& add(ByteSpan bytes);
  Checksum& add(std::string_view text);
  Checksum& add(std::int64_t number);
  /// As SQLite keeps integers.
  std::int64_t value() const { return static_cast<std::int64_t>(~crc_); }

 private:
  void feed(const std::uint8_t* bytes, std::size_t size);
  std::uint64_t crc_ = ~0ull;
};

}  // namespace vuer_rtc::server
