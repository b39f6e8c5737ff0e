// Real allocations that the compiler cannot drop; small demands live on what an earlier one proved.
#include "base/memory.hpp"

#include <algorithm>
#include <cstdlib>

namespace vuer_rtc {

namespace {

// One proof lends kLent bytes to the demands after it. It proves four times as much, so that what
// others allocate in the meantime does not eat into the loan.
constexpr std::size_t kLent = 1 << 20;
constexpr std::size_t kProven = 4 * kLent;
constexpr std::size_t kLeft = 64 << 10;  // for small things nobody asks for

thread_local std::size_t credit = 0;

bool prove(std::size_t bytes) {
  void* block = std::malloc(bytes + kLeft);
  if (block == nullptr) return false;
  *static_cast<volatile unsigned char*>(block) = 0;
  std::free(block);
  return true;
}

}  // namespace

bool can_allocate(std::size_t bytes) {
  if (bytes <= credit) {
    credit -= bytes;
    return true;
  }
  credit = 0;
  if (bytes > kLent || !prove(kProven)) return prove(bytes);
  credit = kLent - bytes;
  return true;
}

bool make_room(std::vector<std::uint8_t>& out, std::size_t bytes) {
  const std::size_t size = out.size() + bytes;
  if (size <= out.capacity()) return true;
  const std::size_t capacity = std::max(size, 2 * out.capacity());
  if (!can_allocate(capacity)) return false;
  out.reserve(capacity);
  return true;
}

}  // namespace vuer_rtc
