// Cutting and joining of pieces, and their pool.
#include "text/piece.hpp"

#include <algorithm>

namespace vuer_rtc {
namespace {

constexpr std::size_t kLargestBlock = 1024;

}  // namespace

void cut_piece(Piece& piece, std::uint32_t offset, Piece& tail) {
  tail = piece;
  tail.anchor_agent = piece.agent;
  tail.anchor_n = piece.n + offset - 1;
  tail.n = piece.n + offset;
  tail.depth = piece.depth + offset;
  tail.first = piece.stamp(offset);
  tail.content = piece.content + offset;
  tail.stamps = piece.stamps ? piece.stamps + offset : nullptr;
  tail.length = piece.length - offset;
  piece.length = offset;
}

bool can_join(const Piece& piece, const Piece& next) {
  const bool follows = next.agent == piece.agent && next.n == piece.end() &&
                       next.anchor_agent == piece.agent && next.anchor_n + 1 == next.n &&
                       next.content == piece.content + piece.length;
  if (!follows || next.covers != piece.covers || next.undone != piece.undone) return false;
  if (piece.stamps || next.stamps) {
    return piece.stamps && next.stamps == piece.stamps + piece.length;
  }
  if (next.first.ts != piece.first.ts || next.first.seq < piece.first.seq) return false;
  const std::uint64_t gap = next.first.seq - piece.first.seq;
  if (piece.length == 1 && next.length == 1) return gap <= 1;
  const std::uint64_t step = piece.length > 1 ? piece.step : next.step;
  return gap == piece.length * step && (next.length == 1 || next.step == step);
}

void join_piece(Piece& piece, const Piece& next) {
  if (piece.length == 1) {
    piece.step = static_cast<std::uint32_t>(next.stamp(0).seq != piece.first.seq);
  }
  piece.length += next.length;
}

Piece* PiecePool::take() {
  if (!free_) {
    blocks_.push_back(std::make_unique<Piece[]>(block_size_));
    for (std::size_t i = block_size_; i-- > 0;) give(&blocks_.back()[i]);
    block_size_ = std::min(block_size_ * 2, kLargestBlock);
  }
  Piece* piece = free_;
  free_ = piece->next_free;
  --free_count_;
  return piece;
}

void PiecePool::give(Piece* piece) {
  piece->next_free = free_;
  free_ = piece;
  ++free_count_;
}

std::size_t PiecePool::growth(std::size_t pieces) const {
  if (pieces <= free_count_) return 0;
  const std::size_t blocks = (pieces - free_count_) / block_size_ + 1;
  const std::size_t largest = blocks == 1 ? block_size_ : kLargestBlock;
  return blocks * largest * sizeof(Piece) + 2 * (blocks_.size() + blocks) * sizeof(void*);
}

}  // namespace vuer_rtc
