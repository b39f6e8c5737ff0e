// A cap on the heap, for tests: a request that goes over it is refused, and an allocation nobody
// asked for is counted. The link wraps malloc, which the core uses only to ask; operator new is the
// test's own. Works in every build, with sanitizers and in WebAssembly.
#pragma once

#include <cstddef>

namespace vuer_rtc::testing {

inline constexpr std::size_t kNoCap = static_cast<std::size_t>(-1);

/// What a request for memory asks for beyond its subject, for small things nobody asks for.
inline constexpr std::size_t kAskedBeyond = 64 << 10;

struct Heap {
  std::size_t live = 0;  ///< bytes that operator new gave and did not get back
  std::size_t cap = kNoCap;
  std::size_t refused = 0;       ///< the size of the last request that was refused
  std::size_t allowed = kNoCap;  ///< what `live` may come to by what was asked for
  std::size_t over = 0;          ///< by how much it was more, at most
};

/// The one heap of the program.
Heap& heap();

}  // namespace vuer_rtc::testing
