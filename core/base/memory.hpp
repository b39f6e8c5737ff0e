// Asking for memory before anything is changed: without exceptions a failed allocation would end
// the process.
#pragma once

#include <cstddef>

namespace vuer_rtc {

/// True when `bytes` can be had now, on top of what earlier calls were promised. Whoever asks
/// allocates no more than that.
bool can_allocate(std::size_t bytes);

}  // namespace vuer_rtc
