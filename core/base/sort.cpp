// Heap sort over places. What is in order already, as most of it is, costs one look at each.
#include "base/sort.hpp"

namespace vuer_rtc {
namespace {

using Before = FunctionRef<bool(std::size_t, std::size_t)>;
using Swap = FunctionRef<void(std::size_t, std::size_t)>;

bool is_sorted(std::size_t count, const Before& before) {
  for (std::size_t i = 1; i < count; ++i) {
    if (before(i, i - 1)) return false;
  }
  return true;
}

void sift_down(std::size_t place, std::size_t count, const Before& before, const Swap& swap) {
  for (std::size_t child; (child = 2 * place + 1) < count; place = child) {
    if (child + 1 < count && before(child, child + 1)) ++child;
    if (!before(place, child)) return;
    swap(place, child);
  }
}

}  // namespace

void sort_places(std::size_t count, Before before, Swap swap) {
  if (is_sorted(count, before)) return;
  for (std::size_t i = count / 2; i-- > 0;) sift_down(i, count, before, swap);
  while (count-- > 1) {
    swap(0, count);
    sift_down(0, count, before, swap);
  }
}

}  // namespace vuer_rtc
