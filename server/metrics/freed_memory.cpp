#include "metrics/freed_memory.hpp"

#include <malloc.h>

namespace vuer_rtc::server {
namespace {

constexpr std::int64_t kInterval = 30'000;     // milliseconds
constexpr std::size_t kWorthwhile = 4u << 20;  // bytes

}  // namespace

void FreedMemory::give_back(std::int64_t now) {
  if (now < due_) return;
  due_ = now + kInterval;
#ifdef __GLIBC__
  if (mallinfo2().fordblks >= kWorthwhile) malloc_trim(0);
#endif
}

}  // namespace vuer_rtc::server
