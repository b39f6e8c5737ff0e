// Memory for the bytes of messages: bumped out of chunks, a chunk is freed when all that lies in it
// was released.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace vuer_rtc {

class ByteArena {
 public:
  static constexpr std::size_t kChunkBytes = 64 * 1024;

  struct Piece {
    std::uint8_t* data = nullptr;
    std::uint32_t chunk = 0;
  };

  Piece take(std::size_t size) {
    if (chunks_.empty() || used_ + size > size_) open(size);
    Piece piece{chunks_[current_].data.get() + used_, current_};
    used_ += size;
    ++chunks_[current_].live;
    return piece;
  }

  void release(std::uint32_t chunk) {
    if (--chunks_[chunk].live == 0 && chunk != current_) drop(chunk);
  }

  /// Bytes that pieces of `size` bytes together allocate.
  std::size_t growth(std::size_t size) const {
    return chunks_.empty() || used_ + size > size_ ? 2 * size + kChunkBytes : 0;
  }

 private:
  struct Chunk {
    std::unique_ptr<std::uint8_t[]> data;
    std::uint32_t live = 0;
  };
  void drop(std::uint32_t chunk) {
    chunks_[chunk].data.reset();
    free_.push_back(chunk);
  }
  void open(std::size_t size) {
    if (!chunks_.empty() && chunks_[current_].live == 0) drop(current_);
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(chunks_.size()));
      chunks_.emplace_back();
    }
    current_ = free_.back();
    free_.pop_back();
    size_ = size > kChunkBytes ? size : kChunkBytes;
    chunks_[current_].data.reset(new std::uint8_t[size_]);
    used_ = 0;
  }
  std::vector<Chunk> chunks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t current_ = 0;
  std::size_t used_ = 0, size_ = 0;
};

}  // namespace vuer_rtc
