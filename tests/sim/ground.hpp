// What a simulated process stands on; all of it outlives the process.
#pragma once

#include "sim/ledger.hpp"
#include "sim/network.hpp"
#include "sim/timeline.hpp"
#include "sim/trace.hpp"

namespace vuer_rtc::sim {

inline constexpr const char* kRoom = "room";

struct Ground {
  Timeline& timeline;
  Network& network;
  Trace& trace;
  Ledger& ledger;
};

}  // namespace vuer_rtc::sim
