// What the process counts, one member per row of metrics.def, and its text for Prometheus. One
// object for the process, as the log is: whoever sees something counts it, from any thread.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "room/action.hpp"

namespace vuer_rtc::server {

/// A number; its row says of which kind.
class Figure {
 public:
  /// Emscripten's library lacks fetch_add of a double.
  void add(double count = 1) {
    double now = value();
    while (!value_.compare_exchange_weak(now, now + count, std::memory_order_relaxed)) {
    }
  }
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

/// Upper ends of the buckets, in seconds.
inline constexpr std::array<double, 18> kBuckets = {0.0001, 0.0002, 0.0003, 0.0005, 0.001, 0.002,
                                                    0.003,  0.005,  0.01,   0.02,   0.03,  0.05,
                                                    0.1,    0.2,    0.5,    1,      2,     5};

class Histogram {
 public:
  void observe(std::int64_t nanoseconds);
  /// How many were at most kBuckets[bucket]; for bucket == kBuckets.size(): all.
  std::uint64_t at_most(std::size_t bucket) const;
  double sum() const;

 private:
  std::array<std::atomic<std::uint64_t>, kBuckets.size() + 1> counts_{};  // the last: above all
  std::atomic<std::uint64_t> nanoseconds_ = 0;
};

/// By Frame::index(); the last: it could not be read.
inline constexpr auto kFrameLabels = [] {
  std::array<std::string_view, kFrameNames.size() + 1> labels{};
  std::copy(kFrameNames.begin(), kFrameNames.end(), labels.begin());
  labels.back() = "unreadable";
  return labels;
}();

/// By ErrorCode; the last: no error.
inline constexpr std::string_view kResultLabels[] = {
#define ERROR(symbol, name, is_final, text) name,
#include "vuer_rtc/errors.def"
#undef ERROR
    "ok"};

inline constexpr int kCloseCodes[] = {1000, 1001, 1002, 1005, 1006,
#define CLOSE(symbol, code, when, client) code,
#include "room/close_codes.def"
                                      0};
inline constexpr std::string_view kCloseLabels[] = {"1000", "1001", "1002", "1005", "1006",
#define CLOSE(symbol, code, when, client) #code,
#include "room/close_codes.def"
                                                    "other"};

inline constexpr std::string_view kYjsKinds[] = {
#define KIND(symbol, label) label,
#include "protocol/yjs/figures.def"
};
inline constexpr std::string_view kYjsResults[] = {
#define RESULT(symbol, label) label,
#include "protocol/yjs/figures.def"
};
inline constexpr std::string_view kYjsFaults[] = {
#define FAULT(symbol, name) name,
#include "protocol/yjs/faults.def"
};

inline constexpr std::string_view kTableTypes[] = {"update", "pull", "ack"};
inline constexpr std::string_view kTableResults[] = {"won", "lost", "reissued"};
inline constexpr std::string_view kTableEnvelopes[] = {"sent", "received", "gap"};
inline constexpr std::string_view kTableFaults[] = {
#define FAULT(symbol, code, holds, when) code,
#include "protocol/table/faults.def"
};

inline constexpr std::string_view kStatusLabels[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};

struct Metrics {
#define COUNTER(member, name, help) Figure member;
#define GAUGE(member, name, help) Figure member;
#define HISTOGRAM(member, name, help) Histogram member;
#define COUNTERS(member, name, label, values, help) std::array<Figure, std::size(values)> member;
#define GRID(member, name, label, values, label2, values2, help) \
  std::array<std::array<Figure, std::size(values2)>, std::size(values)> member;
#include "metrics/metrics.def"

  void count_frame(std::size_t frame, std::optional<ErrorCode> error) {
    const std::size_t ok = std::size(kResultLabels) - 1;
    frames[frame][error ? static_cast<std::size_t>(*error) : ok].add();
  }
};

inline Metrics metrics;

inline std::int64_t nanoseconds_since(std::chrono::steady_clock::time_point began) {
  const auto took = std::chrono::steady_clock::now() - began;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(took).count();
}

/// The text exposition format, version 0.0.4. The figures of the process and of the network are
/// read now; those of rooms are what was set.
std::string prometheus_text();

}  // namespace vuer_rtc::server
