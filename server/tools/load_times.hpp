// Latencies in buckets of 1/64 of their size, so that percentiles of millions cost a few kilobytes.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace vuer_rtc::server {

class LoadTimes {
 public:
  void add(std::int64_t nanoseconds) {
    const auto time = static_cast<std::uint64_t>(nanoseconds < 0 ? 0 : nanoseconds);
    ++buckets_[bucket_of(time)];
    ++count_;
    if (time > most_) most_ = time;
  }

  std::uint64_t count() const { return count_; }
  double most() const { return static_cast<double>(most_) / 1e6; }

  /// Milliseconds that this part (0 to 1) of them does not exceed.
  double percentile(double part) const {
    const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > wanted) return static_cast<double>(highest_of(i)) / 1e6;
    }
    return most();
  }

 private:
  static constexpr unsigned kFine = 6;  // bits below the leading one that are kept

  static std::size_t bucket_of(std::uint64_t time) {
    if (time < (1u << kFine)) return time;
    const unsigned shift = static_cast<unsigned>(std::bit_width(time)) - 1 - kFine;
    return (static_cast<std::size_t>(shift) << kFine) + (time >> shift);
  }
  static std::uint64_t highest_of(std::size_t bucket) {
    if (bucket < (1u << kFine)) return bucket;
    const std::size_t shift = (bucket >> kFine) - 1;
    return ((bucket - (shift << kFine) + 1) << shift) - 1;
  }

  std::array<std::uint64_t, (64 - kFine + 1) << kFine> buckets_{};
  std::uint64_t count_ = 0, most_ = 0;
};

}  // namespace vuer_rtc::server
