#include "net/rate.hpp"

#include <algorithm>
#include <cmath>

namespace vuer_rtc::net {
namespace {

constexpr double kRounding = 1e-6;  // of levels that were filled in many small steps

}  // namespace

void TokenBucket::fill(std::int64_t now) {
  if (filled_at_ >= 0 && now > filled_at_) {
    const double passed = static_cast<double>(now - filled_at_) / 1000;
    level_ = std::min(rate_.burst, level_ + passed * rate_.per_second);
  }
  filled_at_ = std::max(filled_at_, now);
}

TokenBucket::Ruling TokenBucket::spend(double units, std::int64_t now) {
  if (is_off()) return Ruling::Take;
  fill(now);
  const bool enough = level_ + kRounding >= units;
  if (!enough && level_ - units < -rate_.burst) return Ruling::Close;
  level_ -= units;
  return enough ? Ruling::Take : Ruling::Refuse;
}

bool TokenBucket::has(double units, std::int64_t now) {
  if (is_off()) return true;
  fill(now);
  return level_ + kRounding >= units;
}

std::int64_t TokenBucket::wait() const {
  if (is_off() || level_ + kRounding >= 1) return 0;
  return static_cast<std::int64_t>(std::ceil((1 - level_ - kRounding) * 1000 / rate_.per_second));
}

bool TokenBucket::is_full(std::int64_t now) const {
  TokenBucket then = *this;
  then.fill(now);
  return is_off() || then.level_ >= rate_.burst;
}

TokenBucket::Ruling ConnectionRate::spend(std::size_t messages, std::size_t bytes,
                                          std::int64_t now) {
  const auto first = messages_.spend(static_cast<double>(messages), now);
  const auto second = bytes_.spend(static_cast<double>(bytes), now);
  return std::max(first, second);
}

std::int64_t ConnectionRate::wait() const { return std::max(messages_.wait(), bytes_.wait()); }

}  // namespace vuer_rtc::net
