// A broken assertion says where and ends the process: the one place of the core that writes to a
// stream.
#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace vuer_rtc {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "vuer_rtc: %s:%d: assertion failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace vuer_rtc
