// How units are stored: a piece is a chain of units of one agent, numbers in a row, each hanging
// under the one before, all covered equally often and undone or not together. Pieces come from a
// pool, so that their addresses stay.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "text/sequence.hpp"

namespace vuer_rtc {

struct TreeNode;

/// What orders a unit among its siblings, before agent and number.
struct Stamp {
  std::uint64_t seq;
  double ts;
  friend bool operator==(const Stamp& a, const Stamp& b) { return a.seq == b.seq && a.ts == b.ts; }
};

struct Piece {
  NameId agent;
  NameId anchor_agent;  ///< of the first unit's anchor; kNoName: the root
  std::uint64_t n;
  std::uint64_t anchor_n;
  std::uint64_t depth;  ///< of the first unit in the tree of anchors; what hangs on the root has 1
  Stamp first;          ///< of the first unit
  const char16_t* content;
  const Stamp* stamps;  ///< of every unit; null: unit i has seq first.seq + i * step, and first.ts
  union {
    TreeNode* leaf;    ///< where the piece stands
    Piece* next_free;  ///< inside the pool
  };
  std::uint32_t length;
  std::uint32_t covers;  ///< deletions that hold these units
  std::uint32_t step;    ///< 0: one insert; 1: typed unit by unit
  bool undone;

  std::uint64_t end() const { return n + length; }
  bool holds(std::uint64_t number) const { return number >= n && number < end(); }
  bool is_visible() const { return covers == 0 && !undone; }
  std::uint64_t visible() const { return is_visible() ? length : 0; }
  UnitId anchor() const { return {anchor_agent, anchor_n}; }
  UnitId unit(std::uint64_t offset) const { return {agent, n + offset}; }
  UnitId parent(std::uint64_t offset) const { return offset ? unit(offset - 1) : anchor(); }
  Stamp stamp(std::uint64_t offset) const {
    return stamps ? stamps[offset] : Stamp{first.seq + offset * step, first.ts};
  }
};

/// Makes `piece` end before `offset` and `tail` hold the rest (all but its place).
void cut_piece(Piece& piece, std::uint32_t offset, Piece& tail);
/// Could `next`, were it to follow `piece` in the document, be one piece with it?
bool can_join(const Piece& piece, const Piece& next);
/// Takes the units of `next` in; the caller asked can_join.
void join_piece(Piece& piece, const Piece& next);

class PiecePool {
 public:
  Piece* take();
  void give(Piece* piece);
  /// Bytes that taking so many pieces may allocate.
  std::size_t growth(std::size_t pieces) const;

 private:
  std::vector<std::unique_ptr<Piece[]>> blocks_;
  Piece* free_ = nullptr;
  std::size_t free_count_ = 0;
  std::size_t block_size_ = 2;  ///< of the next block
};

}  // namespace vuer_rtc
