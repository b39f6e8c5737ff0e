// Sorting with little code: one heap sort for all element types, which sees places only. The
// WebAssembly module has a size budget, and nothing sorted here is hot. The order must be total, so
// that no runtime can tell equal elements apart.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/function_ref.hpp"

namespace vuer_rtc {

/// `before` compares the elements at two places, `swap` exchanges them.
void sort_places(std::size_t count, FunctionRef<bool(std::size_t, std::size_t)> before,
                 FunctionRef<void(std::size_t, std::size_t)> swap);

template <class Iterator, class Less>
void sort_range(Iterator begin, Iterator end, Less less) {
  sort_places(
      static_cast<std::size_t>(end - begin),
      [&](std::size_t a, std::size_t b) { return less(*(begin + a), *(begin + b)); },
      [&](std::size_t a, std::size_t b) { std::iter_swap(begin + a, begin + b); });
}

}  // namespace vuer_rtc
