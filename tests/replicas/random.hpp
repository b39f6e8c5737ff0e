// Random numbers that are the same in every library: the engine is fixed by the standard, the rest
// is here.
#pragma once

#include <cstdint>
#include <random>

namespace vuer_rtc::testing {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  /// 0 .. count - 1
  std::uint32_t below(std::uint32_t count) { return engine_() % count; }
  bool percent(std::uint32_t chance) { return below(100) < chance; }
  /// -9 .. 9 with two digits
  double number() { return (static_cast<double>(below(1801)) - 900) / 100; }
  template <class T, std::size_t N>
  const T& pick(const T (&list)[N]) {
    return list[below(N)];
  }

 private:
  std::mt19937 engine_;
};

}  // namespace vuer_rtc::testing
