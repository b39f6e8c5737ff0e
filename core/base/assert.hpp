// RTC_ASSERT: impossible states stop the process in every build. RTC_SMALL (the module of the npm
// package, which has a size budget) leaves the words out; the native build has them for the same
// input.
#pragma once

namespace vuer_rtc {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}

#ifdef RTC_SMALL
#define RTC_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#else
#define RTC_ASSERT(condition) \
  ((condition) ? (void)0 : ::vuer_rtc::assertion_failed(#condition, __FILE__, __LINE__))
#endif
