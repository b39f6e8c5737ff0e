#include "sim/scenario.hpp"

#include <vector>

namespace vuer_rtc::sim {
namespace {

constexpr Weather kBad{30, 20, 100, 2'000};
constexpr Weather kRough{5, 5, 10, 300};

constexpr Scenario kScenarios[] = {
    {.name = "lossy",
     .what = "30 % lost, 20 % doubled, late by up to 2 s, overtaken, links that stop",
     .weather = kBad,
     .partitions = true},
    {.name = "swizzle",
     .what = "links stopped one by one and started in random order",
     .weather = {0, 0, 0, 200},
     .swizzle = true},
    {.name = "kills",
     .what = "the process ends and starts, and so do links",
     .weather = kRough,
     .partitions = true,
     .kills = true},
    {.name = "slow",
     .what = "slow readers with small queues on a rough network",
     .weather = kRough,
     .slow_readers = true},
    {.name = "skew",
     .what =
         "people a day off or at 1970, the server's clock steps by an hour, starts at 0 or 2^31",
     .weather = kRough,
     .kills = true,
     .skew = true},
    {.name = "backup",
     .what = "the server comes back with an older disk",
     .weather = {},
     .backup = true},
    {.name = "hostile",
     .what = "clients that send nonsense, absurd places, others' ids and numbers out of order",
     .weather = kRough,
     .kills = true,
     .strangers = 2},
    {.name = "power",
     .what = "power cuts and kills at any I/O call, unsynced writes lost and torn",
     .on_disk = true,
     .weather = kRough,
     .power_cuts = true},
    {.name = "disk",
     .what = "I/O errors, short writes, a full disk, failing syncs",
     .on_disk = true,
     .weather = kRough,
     .disk_faults = true},
    {.name = "compaction",
     .what = "all of that at the calls of a snapshot's transaction",
     .on_disk = true,
     .weather = kRough,
     .snapshot_cuts = true},
    {.name = "mixed",
     .what = "everything but older disks at once",
     .on_disk = true,
     .weather = {10, 10, 50, 1'000},
     .partitions = true,
     .swizzle = true,
     .slow_readers = true,
     .kills = true,
     .power_cuts = true,
     .disk_faults = true,
     .snapshot_cuts = true,
     .skew = true},
};

}  // namespace

std::span<const Scenario> scenarios() { return kScenarios; }

const Scenario* find_scenario(std::string_view name) {
  for (const Scenario& one : kScenarios) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

const Scenario& scenario_of(std::uint32_t seed, bool with_disk) {
  std::vector<const Scenario*> fitting;
  for (const Scenario& one : kScenarios) {
    if (with_disk || !one.on_disk) fitting.push_back(&one);
  }
  return *fitting[seed % fitting.size()];
}

}  // namespace vuer_rtc::sim
