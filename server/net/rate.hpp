// Token buckets on a clock that is passed in (milliseconds that never jump).
//
// A bucket fills by its rate up to its burst. Whoever goes on while it is empty runs into debt, and
// with a whole burst of debt it is told to go: refusing costs work too.
#pragma once

#include <cstdint>

#include "net/policy.hpp"

namespace vuer_rtc::net {

class TokenBucket {
 public:
  explicit TokenBucket(Rate rate) : rate_(rate), level_(rate.burst) {}

  enum class Ruling : std::uint8_t { Take, Refuse, Close };
  /// Spends whatever the ruling is.
  Ruling spend(double units, std::int64_t now);
  /// Spends nothing: would there be enough?
  bool has(double units, std::int64_t now);
  /// Milliseconds until one unit is there.
  std::int64_t wait() const;
  bool is_full(std::int64_t now) const;

 private:
  bool is_off() const { return rate_.per_second <= 0; }
  void fill(std::int64_t now);
  Rate rate_;
  double level_;
  std::int64_t filled_at_ = -1;
};

/// Both rates of a connection.
class ConnectionRate {
 public:
  ConnectionRate(Rate messages, Rate bytes) : messages_(messages), bytes_(bytes) {}
  TokenBucket::Ruling spend(std::size_t messages, std::size_t bytes, std::int64_t now);
  std::int64_t wait() const;

 private:
  TokenBucket messages_, bytes_;
};

}  // namespace vuer_rtc::net
