// A hash table of indexes: the keys live with the elements, the table holds (hash, index) pairs.
// Linear probing, a power of two in size, at most three quarters full; removal shifts back, so
// there are no gravestones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vuer_rtc {

class IndexTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  /// The index whose element `is_it(index)` accepts, among those of this hash; kNone when there is
  /// none.
  template <class Predicate>
  std::uint32_t find(std::uint32_t hash, Predicate is_it) const {
    if (cells_.empty()) return kNone;
    const std::size_t mask = cells_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      const Cell& cell = cells_[at];
      if (cell.index == kNone) return kNone;
      if (cell.hash == hash && is_it(cell.index)) return cell.index;
    }
  }

  void insert(std::uint32_t hash, std::uint32_t index) {
    if ((count_ + 1) * 4 > cells_.size() * 3) grow();
    put(Cell{hash, index});
    ++count_;
  }

  /// Removes the pair; it must be there.
  void erase(std::uint32_t hash, std::uint32_t index) {
    const std::size_t mask = cells_.size() - 1;
    std::size_t hole = hash & mask;
    while (cells_[hole].index != index) hole = (hole + 1) & mask;
    for (std::size_t at = (hole + 1) & mask; cells_[at].index != kNone; at = (at + 1) & mask) {
      const std::size_t home = cells_[at].hash & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        cells_[hole] = cells_[at];
        hole = at;
      }
    }
    cells_[hole].index = kNone;
    --count_;
  }

  std::size_t size() const { return count_; }
  /// Bytes that `count` more pairs allocate.
  std::size_t growth(std::size_t count) const {
    std::size_t cells = cells_.size();
    while ((count_ + count) * 4 > cells * 3) cells = cells ? cells * 2 : 16;
    return cells == cells_.size() ? 0 : 2 * cells * sizeof(Cell);
  }

 private:
  struct Cell {
    std::uint32_t hash = 0;
    std::uint32_t index = kNone;
  };
  void put(Cell cell) {
    const std::size_t mask = cells_.size() - 1;
    std::size_t at = cell.hash & mask;
    while (cells_[at].index != kNone) at = (at + 1) & mask;
    cells_[at] = cell;
  }
  void grow() {
    std::vector<Cell> before(cells_.empty() ? 16 : cells_.size() * 2);
    before.swap(cells_);
    for (const Cell& cell : before) {
      if (cell.index != kNone) put(cell);
    }
  }
  std::vector<Cell> cells_;
  std::size_t count_ = 0;
};

/// Mixes 64 bits down to a hash of 32.
inline std::uint32_t mix_hash(std::uint64_t key) {
  key ^= key >> 32;
  key *= 0x9e3779b97f4a7c15ull;
  key ^= key >> 29;
  key *= 0xbf58476d1ce4e5b9ull;
  return static_cast<std::uint32_t>(key >> 32);
}

}  // namespace vuer_rtc
