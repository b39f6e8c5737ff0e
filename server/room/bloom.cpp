#include "room/bloom.hpp"

#include <array>

namespace vuer_rtc::server {
namespace {

constexpr std::uint64_t kBitsPerId = 10;
constexpr std::uint64_t kFnvOffset = 0xcbf29ce484222325u;
constexpr std::uint64_t kFnvPrime = 0x100000001b3u;

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash) {
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * kFnvPrime;
  return hash;
}

std::array<std::uint64_t, 7> bits_of(std::size_t bytes, std::string_view salt,
                                     std::string_view id) {
  const std::uint64_t hash = fnv1a(id, fnv1a(salt, kFnvOffset));
  const std::uint64_t low = hash & 0xffffffffu, high = hash >> 32, size = bytes * 8;
  std::array<std::uint64_t, 7> bits{};
  for (std::uint64_t i = 0; i < bits.size(); ++i) bits[i] = (low + i * high) % size;
  return bits;
}

}  // namespace

Bytes make_bloom(std::uint64_t count) { return Bytes((count * kBitsPerId + 7) / 8, 0); }

void bloom_add(Bytes& filter, std::string_view salt, std::string_view id) {
  if (filter.empty()) return;
  for (const std::uint64_t bit : bits_of(filter.size(), salt, id)) {
    filter[bit / 8] = static_cast<std::uint8_t>(filter[bit / 8] | (1u << (bit % 8)));
  }
}

bool bloom_may_hold(ByteSpan filter, std::string_view salt, std::string_view id) {
  if (filter.empty()) return false;
  for (const std::uint64_t bit : bits_of(filter.size(), salt, id)) {
    if ((filter[bit / 8] >> (bit % 8) & 1) == 0) return false;
  }
  return true;
}

}  // namespace vuer_rtc::server
