// Asking for memory before anything is changed: without exceptions a failed allocation would end
// the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vuer_rtc {

/// True when `bytes` can be had now, on top of what earlier calls were promised, and a little is
/// left for what nobody asks for: the text of an error, an id, a clock. Whoever asks allocates no
/// more than that.
bool can_allocate(std::size_t bytes);

/// Asks for and takes room for `bytes` more behind what `out` holds.
bool make_room(std::vector<std::uint8_t>& out, std::size_t bytes);

/// What appending `count` elements to a vector allocates at most, beside what it has.
template <class Vector>
std::size_t growth_of(const Vector& vector, std::size_t count) {
  const std::size_t size = vector.size() + count;
  return size <= vector.capacity() ? 0 : 2 * size * sizeof(vector[0]);
}

}  // namespace vuer_rtc
