// The chain over the batches of a log: each link is the SHA-256 of the one before and of a batch,
// so that the last link speaks for the whole log.
#pragma once

#include <array>
#include <cstdint>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc::server {

using ChainLink = std::array<std::uint8_t, 32>;

/// Where a batch stands: numbers and wall clock times.
struct BatchRange {
  std::int64_t first_seq = 0, last_seq = 0, start_time = 0, end_time = 0;
};

ChainLink next_link(const ChainLink& before, const BatchRange& range, ByteSpan entries);

}  // namespace vuer_rtc::server
