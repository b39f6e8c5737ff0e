// What the system says about a process: memory, processor time, open files.
#pragma once

#include <cstdint>

namespace vuer_rtc::server {

struct ProcessReading {
  double memory_kib = 0;  ///< resident
  double cpu_seconds = 0;
  int files = 0;
};

/// All zero when there is no such process, or it is somebody else's.
ProcessReading read_process(std::int64_t pid);

}  // namespace vuer_rtc::server
