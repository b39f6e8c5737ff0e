// A sequence in chunks: elements never move, and growing costs one chunk, not a copy of everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace vuer_rtc {

template <class T, unsigned kShift = 8>
class ChunkedVector {
 public:
  static constexpr std::uint32_t kChunk = 1u << kShift;

  T& operator[](std::uint32_t index) { return chunks_[index >> kShift][index & (kChunk - 1)]; }
  const T& operator[](std::uint32_t index) const {
    return chunks_[index >> kShift][index & (kChunk - 1)];
  }
  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// Appends a default element and gives its index.
  std::uint32_t add() {
    if (size_ == chunks_.size() << kShift) chunks_.push_back(std::make_unique<T[]>(kChunk));
    return size_++;
  }
  /// Bytes that the next `count` elements allocate.
  std::size_t growth(std::size_t count) const {
    const std::size_t room = (chunks_.size() << kShift) - size_;
    if (count <= room) return 0;
    const std::size_t chunks = (count - room + kChunk - 1) >> kShift;
    return chunks * kChunk * sizeof(T) + 2 * (chunks_.capacity() + chunks) * sizeof(void*);
  }

 private:
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::uint32_t size_ = 0;
};

}  // namespace vuer_rtc
