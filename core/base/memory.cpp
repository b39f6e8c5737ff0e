// A real allocation that the compiler cannot drop.
#include "base/memory.hpp"

#include <cstdlib>

namespace vuer_rtc {

bool can_allocate(std::size_t bytes) {
  void* block = std::malloc(bytes);
  if (block == nullptr) return false;
  *static_cast<volatile unsigned char*>(block) = 0;
  std::free(block);
  return true;
}

}  // namespace vuer_rtc
