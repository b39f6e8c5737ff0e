// The code units of one agent's inserts, in the order they came, in blocks that never move: pieces
// point into them, so that a piece is cut without copying, and one that ends where the content ends
// can grow in place.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "text/piece.hpp"

namespace vuer_rtc {

class Content {
 public:
  /// Where the next unit goes, when it fits behind the last one.
  const char16_t* end() const;
  /// Units that fit behind the last one.
  std::size_t room() const { return blocks_.empty() ? 0 : blocks_.back().capacity - used_; }
  /// Copies the units in, behind the last one when they fit.
  const char16_t* append(std::u16string_view units);
  /// Room for so many units, for the caller to fill.
  char16_t* grow(std::size_t units);
  /// Room for the stamp of this unit, which lies in the last block, and of all behind it in that
  /// block.
  Stamp* stamps_at(const char16_t* unit);

  std::size_t block_count() const { return blocks_.size(); }
  /// Bytes that so many units may allocate in a content of at most so many blocks.
  static std::size_t growth(std::size_t units, std::size_t blocks);

 private:
  struct Block {
    std::unique_ptr<char16_t[]> units;
    std::unique_ptr<Stamp[]> stamps;  // only where units were typed one by one
    std::size_t capacity;
  };
  std::size_t next_capacity(std::size_t units) const;

  std::vector<Block> blocks_;
  std::size_t used_ = 0;   // in the last block
  std::size_t total_ = 0;  // capacity of all blocks
};

}  // namespace vuer_rtc
