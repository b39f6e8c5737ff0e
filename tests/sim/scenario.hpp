// What can happen in a run, by name. The seed decides when.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/network.hpp"

namespace vuer_rtc::sim {

/// A mistake put in on purpose: the simulator must find it.
enum class Planted : std::uint8_t { Nothing, EarlyAck, ForgottenIds, LyingSync };

struct Scenario {
  std::string_view name;
  std::string_view what;
  bool on_disk = false;  ///< SQLite on a simulated disk; else the store in memory
  Weather weather;
  bool partitions = false;     ///< a person's link stops for a while
  bool swizzle = false;        ///< all links stop one by one and come back in random order
  bool slow_readers = false;   ///< some take frames slowly
  bool kills = false;          ///< the process ends, the disk's cache stays
  bool power_cuts = false;     ///< the machine ends in the middle of some I/O call
  bool disk_faults = false;    ///< errors, short writes, full, failing syncs
  bool snapshot_cuts = false;  ///< any of those at each call of a snapshot's transaction
  bool skew = false;           ///< people a day off, the server's clock steps, clocks 0 and 2^31
  bool backup = false;         ///< the server comes back with an older disk
  int strangers = 0;           ///< hostile clients
};

std::span<const Scenario> scenarios();
/// Null when there is none of this name.
const Scenario* find_scenario(std::string_view name);
/// A seed alone means a scenario too, so that a range of seeds meets all of them, or all that need
/// no disk.
const Scenario& scenario_of(std::uint32_t seed, bool with_disk);

}  // namespace vuer_rtc::sim
