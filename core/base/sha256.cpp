// SHA-256 (FIPS 180-4), portable: whole blocks are hashed where they lie, only the rest is copied.
#include "base/sha256.hpp"

#include <cstring>

namespace vuer_rtc {

namespace {

constexpr std::uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

std::uint32_t rotate(std::uint32_t x, int by) { return (x >> by) | (x << (32 - by)); }

std::uint32_t load(const std::uint8_t* at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
         at[3];
}

void store(std::uint32_t value, std::uint8_t* at) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

}  // namespace

Sha256::Sha256()
    : state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
      buffer_{} {}

void Sha256::block(const std::uint8_t* bytes) {
  std::uint32_t w[16];
  for (int i = 0; i < 16; ++i) w[i] = load(bytes + 4 * i);
  auto [a, b, c, d, e, f, g, h] = state_;
  for (int i = 0; i < 64; ++i) {
    if (i >= 16) {
      const std::uint32_t near = w[(i + 1) & 15], far = w[(i + 14) & 15];
      w[i & 15] += (rotate(near, 7) ^ rotate(near, 18) ^ (near >> 3)) + w[(i + 9) & 15] +
                   (rotate(far, 17) ^ rotate(far, 19) ^ (far >> 10));
    }
    const std::uint32_t first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                                (g ^ (e & (f ^ g))) + kRound[i] + w[i & 15];
    const std::uint32_t second =
        (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));
    h = g, g = f, f = e, e = d + first;
    d = c, c = b, b = a, a = first + second;
  }
  const std::uint32_t sums[8] = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < 8; ++i) state_[i] += sums[i];
}

void Sha256::add(std::span<const std::uint8_t> bytes) {
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  const std::size_t filled = total_ & 63;
  total_ += left;
  if (filled != 0) {
    const std::size_t part = left < 64 - filled ? left : 64 - filled;
    if (part != 0) std::memcpy(buffer_.data() + filled, at, part);
    if (filled + part < 64) return;
    block(buffer_.data());
    at += part;
    left -= part;
  }
  for (; left >= 64; at += 64, left -= 64) block(at);
  if (left != 0) std::memcpy(buffer_.data(), at, left);
}

std::array<std::uint8_t, 32> Sha256::finish() {
  const std::uint64_t bits = total_ * 8;
  std::size_t filled = total_ & 63;
  buffer_[filled++] = 0x80;
  if (filled > 56) {
    std::memset(buffer_.data() + filled, 0, 64 - filled);
    block(buffer_.data());
    filled = 0;
  }
  std::memset(buffer_.data() + filled, 0, 56 - filled);
  store(static_cast<std::uint32_t>(bits >> 32), buffer_.data() + 56);
  store(static_cast<std::uint32_t>(bits), buffer_.data() + 60);
  block(buffer_.data());
  std::array<std::uint8_t, 32> out;
  for (int i = 0; i < 8; ++i) store(state_[i], out.data() + 4 * i);
  return out;
}

std::array<std::uint8_t, 32> sha256(std::span<const std::uint8_t> bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

}  // namespace vuer_rtc
