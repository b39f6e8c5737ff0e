// SHA-256 (FIPS 180-4), one pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace vuer_rtc {

class Sha256 {
 public:
  Sha256();
  void add(std::span<const std::uint8_t> bytes);
  std::array<std::uint8_t, 32> finish();

 private:
  void block(const std::uint8_t* bytes);
  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> buffer_;
  std::uint64_t total_ = 0;
};

std::array<std::uint8_t, 32> sha256(std::span<const std::uint8_t> bytes);

}  // namespace vuer_rtc
