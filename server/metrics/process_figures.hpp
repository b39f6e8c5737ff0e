// What the system says of this process; zeros where it says nothing.
#pragma once

namespace vuer_rtc::server {

struct ProcessFigures {
  double resident_bytes = 0;
  double cpu_seconds = 0;
  double open_files = 0;
  double started = 0;  ///< seconds since 1970
};

ProcessFigures read_process_figures();

}  // namespace vuer_rtc::server
