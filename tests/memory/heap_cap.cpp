// operator new that counts, and the wrapped malloc that says no. Each block carries its size in
// front of it.
#include "memory/heap_cap.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

extern "C" void* __real_malloc(std::size_t size);

namespace vuer_rtc::testing {
namespace {

constexpr std::size_t kHead = 16;  // keeps the alignment, and stands for what an allocator adds

Heap the_heap;

bool fits(std::size_t size) {
  const Heap& heap = the_heap;
  return heap.cap == kNoCap || (heap.live <= heap.cap && size <= heap.cap - heap.live);
}

void* take(std::size_t size) {
  const std::size_t whole = size + kHead;
  auto* block = static_cast<unsigned char*>(__real_malloc(whole));
  if (block == nullptr) std::abort();
  *reinterpret_cast<std::size_t*>(block) = whole;
  the_heap.live += whole;
  if (the_heap.live > the_heap.allowed)
    the_heap.over = std::max(the_heap.over, the_heap.live - the_heap.allowed);
  return block + kHead;
}

void give_back(void* pointer) {
  if (pointer == nullptr) return;
  auto* block = static_cast<unsigned char*>(pointer) - kHead;
  the_heap.live -= *reinterpret_cast<std::size_t*>(block);
  std::free(block);
}

}  // namespace

Heap& heap() { return the_heap; }

}  // namespace vuer_rtc::testing

using namespace vuer_rtc::testing;

extern "C" void* __wrap_malloc(std::size_t size) {
  Heap& now = heap();
  if (!fits(size)) {
    now.refused = size;
    return nullptr;
  }
  if (now.allowed != kNoCap && size > kAskedBeyond)
    now.allowed = std::max(now.allowed, now.live + size - kAskedBeyond);
  return __real_malloc(size);
}

void* operator new(std::size_t size) { return take(size); }
void* operator new[](std::size_t size) { return take(size); }
void operator delete(void* pointer) noexcept { give_back(pointer); }
void operator delete[](void* pointer) noexcept { give_back(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { give_back(pointer); }
void operator delete[](void* pointer, std::size_t) noexcept { give_back(pointer); }
