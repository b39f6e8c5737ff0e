// Named limits (wire protocol, section 8). The server's flags and the store's checks start from
// these.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vuer_rtc {

inline constexpr std::uint64_t kMaxInteger = 9007199254740991;  // 2^53 - 1
inline constexpr std::int64_t kNoLine = -1;  // no stable line yet; lt 0 lies above it
inline constexpr std::uint64_t kMaxJump =
    1u << 20;  // how far an lt, seq or unit number may jump ahead
inline constexpr std::size_t kMaxIdBytes = 256;
inline constexpr std::size_t kMaxClientBytes = 200;
inline constexpr int kMaxDepth = 64;

/// What one message may hold. The same numbers are checked in the store and at the server's door.
struct Limits {
  std::size_t message_bytes = 1 << 20;
  std::size_t ops = 10'000;
  std::size_t array_length = 100'000;
  std::size_t key_bytes = 256;
  std::size_t waiting_inserts = 10'000;
};

}  // namespace vuer_rtc
