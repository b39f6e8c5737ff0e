// Measuring and reporting: each figure stands beside a baseline that was measured in the same run.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// One line of the table. `value` in `unit`; `bar` 0: none; `base` the baseline in the same unit.
struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  double bar = 0;
  bool bar_is_floor = false;  ///< the bar is a least value; else a greatest
  std::string baseline;
  double base = 0;

  bool meets_bar() const { return bar == 0 || (bar_is_floor ? value >= bar : value <= bar); }
  /// How many times the baseline's time this takes.
  double ratio() const {
    if (base == 0 || value == 0) return 0;
    return bar_is_floor ? base / value : value / base;
  }
};

class Report {
 public:
  /// Only workloads whose name contains `only` run.
  explicit Report(std::string only) : only_(std::move(only)) {}
  bool wants(const std::string& name) const { return name.find(only_) != std::string::npos; }
  void add(Figure figure);
  void fail(const std::string& text);
  int finish(const char* json_file) const;

 private:
  std::string only_;
  std::vector<Figure> figures_;
  bool failed_ = false;
};

/// Seconds of processor time natively, of the clock in WebAssembly.
double seconds();
/// The least time of `rounds` runs; `prepare` is not counted.
double least_time(int rounds, const std::function<void()>& prepare,
                  const std::function<void()>& run);
/// Bytes this process holds in memory; 0 where that cannot be told.
std::uint64_t resident_bytes();
/// Keeps a result alive.
void keep(std::uint64_t value);

/// True in WebAssembly, where some bars are others.
constexpr bool is_wasm() {
#ifdef __EMSCRIPTEN__
  return true;
#else
  return false;
#endif
}

}  // namespace bench
