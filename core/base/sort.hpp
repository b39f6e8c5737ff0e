// Sorting with little code: one heap sort per use instead of the library's five functions. The
// WebAssembly module has a size budget, and nothing sorted here is hot. The order must be total, so
// that no runtime can tell equal elements apart.
#pragma once

#include <algorithm>

namespace vuer_rtc {

template <class Iterator, class Less>
void sort_range(Iterator begin, Iterator end, Less less) {
  std::make_heap(begin, end, less);
  std::sort_heap(begin, end, less);
}

}  // namespace vuer_rtc
