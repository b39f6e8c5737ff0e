#include "storage/checksum.hpp"

#include <array>

namespace vuer_rtc::server {
namespace {

constexpr std::uint64_t kPolynomial = 0xc96c5795d7870f42u;

constexpr std::array<std::uint64_t, 256> make_table() {
  std::array<std::uint64_t, 256> table{};
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    std::uint64_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[i] = crc;
  }
  return table;
}

constexpr std::array<std::uint64_t, 256> kTable = make_table();

}  // namespace

void Checksum::feed(const std::uint8_t* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) crc_ = kTable[(crc_ ^ bytes[i]) & 0xff] ^ (crc_ >> 8);
}

Checksum& Checksum::add(ByteSpan bytes) {
  add(static_cast<std::int64_t>(bytes.size()));
  feed(bytes.data(), bytes.size());
  return *this;
}

Checksum& Checksum::add(std::string_view text) {
  return add(ByteSpan(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Checksum& Checksum::add(std::int64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> (8 * i));
  }
  feed(bytes.data(), bytes.size());
  return *this;
}

}  // namespace vuer_rtc::server
