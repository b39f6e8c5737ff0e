// Asking for memory before anything is changed: without exceptions a failed allocation would end
// the process.
#pragma once

#include <cstddef>

namespace vuer_rtc {

/// True when `bytes` can be had in one piece now. The block is given back at once.
bool can_allocate(std::size_t bytes);

}  // namespace vuer_rtc
