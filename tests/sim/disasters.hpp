// What goes wrong while people work: which, by the scenario; when, by the seed.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "replicas/random.hpp"

namespace vuer_rtc::sim {

class World;

class Disasters {
 public:
  Disasters(World& world, std::uint32_t seed) : world_(world), random_(seed) {}
  void begin();
  /// All is good again.
  void end();
  /// The process has opened its store.
  void after_start();
  /// The store is about to write a snapshot.
  void before_snapshot();

 private:
  /// Again and again after a random time, until the end.
  void repeat(std::int64_t least, std::int64_t most, std::function<void()> what);
  void partition();
  void swizzle();
  void trouble();
  void power();
  void step_clock();
  void restore();
  World& world_;
  testing::Random random_;
  bool over_ = false;
};

}  // namespace vuer_rtc::sim
