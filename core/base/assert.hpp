// RTC_ASSERT: impossible states stop the process in every build.
#pragma once

namespace vuer_rtc {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}

#define RTC_ASSERT(condition) \
  ((condition) ? (void)0 : ::vuer_rtc::assertion_failed(#condition, __FILE__, __LINE__))
