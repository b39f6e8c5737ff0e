#include "tools/load_times.hpp"

#include <catch2/catch.hpp>

using vuer_rtc::server::LoadTimes;

TEST_CASE("load_times_give_percentiles_to_a_sixty_fourth") {
  LoadTimes times;
  for (std::int64_t micro = 1; micro <= 100'000; ++micro) times.add(micro * 1000);
  CHECK(times.count() == 100'000);
  for (const double part : {0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = part * 100;
    CHECK(times.percentile(part) >= exact);
    CHECK(times.percentile(part) <= exact * (1 + 1.0 / 64) + 0.001);
  }
  CHECK(times.most() == 100.0);
}

TEST_CASE("load_times_hold_any_time_there_is") {
  LoadTimes times;
  CHECK(times.percentile(0.5) == 0);
  times.add(-5);
  CHECK(times.percentile(0.99) == 0);
  times.add(std::int64_t{1} << 62);
  CHECK(times.percentile(0.99) >= static_cast<double>(std::int64_t{1} << 62) / 1e6);
  CHECK(times.most() == static_cast<double>(std::int64_t{1} << 62) / 1e6);
}

TEST_CASE("load_times_keep_small_ones_exact") {
  LoadTimes times;
  for (std::int64_t i = 0; i < 64; ++i) times.add(i);
  CHECK(times.percentile(0.5) == 32 / 1e6);
}
