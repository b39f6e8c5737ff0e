// SQLite's file system on a simulated disk, with the promises of its own one for Linux.
#pragma once

#include "sim/disk.hpp"

namespace vuer_rtc::sim {

/// From now on SQLite opens its files there. One disk at a time.
void use_disk(Disk* disk);

}  // namespace vuer_rtc::sim
