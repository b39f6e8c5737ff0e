// What a run of the load client is to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vuer_rtc::server {

/// Its rows say what the members mean.
struct LoadPlan {
  std::string host;  // of the url
  std::uint16_t port = 80;
#define FLAG_ROWS "tools/load_flags.def"
#include "tools/as_members.def"
};

}  // namespace vuer_rtc::server
