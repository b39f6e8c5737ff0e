// Counting into buckets, apart from their text: the simulator counts in WebAssembly, too, whose
// library cannot write a double.
#include <algorithm>

#include "metrics/metrics.hpp"

namespace vuer_rtc::server {

void Histogram::observe(std::int64_t nanoseconds) {
  const double seconds = static_cast<double>(nanoseconds) * 1e-9;
  const auto bucket = std::lower_bound(kBuckets.begin(), kBuckets.end(), seconds);
  counts_[static_cast<std::size_t>(bucket - kBuckets.begin())].fetch_add(1,
                                                                         std::memory_order_relaxed);
  nanoseconds_.fetch_add(static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0)),
                         std::memory_order_relaxed);
}

std::uint64_t Histogram::at_most(std::size_t bucket) const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i <= bucket; ++i) sum += counts_[i].load(std::memory_order_relaxed);
  return sum;
}

double Histogram::sum() const {
  return static_cast<double>(nanoseconds_.load(std::memory_order_relaxed)) * 1e-9;
}

}  // namespace vuer_rtc::server
