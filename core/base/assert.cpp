// A broken assertion says where and ends the process: the one place of the core that writes to a
// stream.
#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>
#include <initializer_list>

namespace vuer_rtc {

void assertion_failed(const char* condition, const char* file, int line) {
  char digits[12];
  char* at = digits + sizeof digits - 1;
  for (*at = 0; line > 0 && at > digits; line /= 10) *--at = static_cast<char>('0' + line % 10);
  for (const char* part : {"vuer_rtc: ", file, ":", static_cast<const char*>(at),
                           ": assertion failed: ", condition, "\n"}) {
    std::fputs(part, stderr);
  }
  std::abort();
}

}  // namespace vuer_rtc
