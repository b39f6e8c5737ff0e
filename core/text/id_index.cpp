// Lookup by halving in the list of chunks, then in one chunk.
#include "text/id_index.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace vuer_rtc {
namespace {

/// How many of the sorted numbers are at most n.
std::size_t count_up_to(const std::uint64_t* numbers, std::size_t count, std::uint64_t n) {
  return static_cast<std::size_t>(std::upper_bound(numbers, numbers + count, n) - numbers);
}

}  // namespace

IdIndex::Place::Place(const IdIndex* index, std::size_t chunk, std::size_t slot)
    : index_(index), chunk_(chunk), slot_(slot) {}

Piece* IdIndex::Place::piece() const {
  if (chunk_ >= index_->chunks_.size()) return nullptr;
  return index_->chunks_[chunk_]->pieces[slot_];
}

void IdIndex::Place::advance() {
  if (++slot_ < index_->chunks_[chunk_]->count) return;
  slot_ = 0;
  ++chunk_;
}

/// The last chunk that begins at or before n; the first one when none does.
std::size_t IdIndex::chunk_of(std::uint64_t n) const {
  if (n >= firsts_.back()) return firsts_.size() - 1;
  const std::size_t before = count_up_to(firsts_.data(), firsts_.size(), n);
  return before ? before - 1 : 0;
}

Piece* IdIndex::find(std::uint64_t n) const {
  if (last_ && last_->holds(n)) return last_;
  if (chunks_.empty()) return nullptr;
  const Chunk& chunk = *chunks_[chunk_of(n)];
  const std::size_t before = count_up_to(chunk.numbers, chunk.count, n);
  if (before == 0 || !chunk.pieces[before - 1]->holds(n)) return nullptr;
  last_ = chunk.pieces[before - 1];
  return last_;
}

IdIndex::Place IdIndex::lower(std::uint64_t n) const {
  if (chunks_.empty()) return {this, 0, 0};
  const std::size_t at = chunk_of(n);
  const Chunk& chunk = *chunks_[at];
  const std::size_t before = count_up_to(chunk.numbers, chunk.count, n);
  if (before == 0) return {this, at, 0};
  Place place{this, at, before - 1};
  if (place.piece()->end() <= n) place.advance();
  return place;
}

void IdIndex::insert(Piece* piece) {
  if (chunks_.empty()) {
    chunks_.push_back(std::make_unique<Chunk>());
    firsts_.push_back(piece->n);
  }
  std::size_t at = chunk_of(piece->n);
  if (chunks_[at]->count == kChunk) {
    const bool at_end = piece->n > chunks_[at]->numbers[kChunk - 1];
    split(at, at_end ? kChunk - 1 : kChunk / 2);
    if (piece->n >= firsts_[at + 1]) ++at;
  }
  Chunk& chunk = *chunks_[at];
  const std::size_t slot = count_up_to(chunk.numbers, chunk.count, piece->n);
  std::copy_backward(chunk.numbers + slot, chunk.numbers + chunk.count,
                     chunk.numbers + chunk.count + 1);
  std::copy_backward(chunk.pieces + slot, chunk.pieces + chunk.count,
                     chunk.pieces + chunk.count + 1);
  chunk.numbers[slot] = piece->n;
  chunk.pieces[slot] = piece;
  ++chunk.count;
  firsts_[at] = chunk.numbers[0];
  ++size_;
}

void IdIndex::split(std::size_t at, std::size_t keep) {
  auto right = std::make_unique<Chunk>();
  Chunk& left = *chunks_[at];
  right->count = left.count - keep;
  std::copy(left.numbers + keep, left.numbers + left.count, right->numbers);
  std::copy(left.pieces + keep, left.pieces + left.count, right->pieces);
  left.count = keep;
  const auto offset = static_cast<std::ptrdiff_t>(at + 1);
  firsts_.insert(firsts_.begin() + offset, right->numbers[0]);
  chunks_.insert(chunks_.begin() + offset, std::move(right));
}

void IdIndex::erase(const Piece* piece) {
  last_ = nullptr;
  const std::size_t at = chunk_of(piece->n);
  Chunk& chunk = *chunks_[at];
  const std::size_t slot = count_up_to(chunk.numbers, chunk.count, piece->n) - 1;
  RTC_ASSERT(chunk.pieces[slot] == piece);
  std::copy(chunk.numbers + slot + 1, chunk.numbers + chunk.count, chunk.numbers + slot);
  std::copy(chunk.pieces + slot + 1, chunk.pieces + chunk.count, chunk.pieces + slot);
  --size_;
  if (--chunk.count > 0) {
    firsts_[at] = chunk.numbers[0];
    return;
  }
  firsts_.erase(firsts_.begin() + static_cast<std::ptrdiff_t>(at));
  chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(at));
}

std::size_t IdIndex::growth(std::size_t pieces) const {
  const std::size_t added = 2 * (pieces / kChunk) + 2;
  const std::size_t per_entry = sizeof(std::uint64_t) + sizeof(void*);
  return added * sizeof(Chunk) + 2 * (chunks_.size() + added) * per_entry;
}

void IdIndex::check() const {
  RTC_ASSERT(firsts_.size() == chunks_.size());
  std::size_t total = 0;
  std::uint64_t end = 0;
  for (std::size_t at = 0; at < chunks_.size(); ++at) {
    const Chunk& chunk = *chunks_[at];
    RTC_ASSERT(chunk.count > 0 && chunk.count <= kChunk && firsts_[at] == chunk.numbers[0]);
    for (std::size_t i = 0; i < chunk.count; ++i) {
      RTC_ASSERT(chunk.numbers[i] == chunk.pieces[i]->n && chunk.numbers[i] >= end);
      end = chunk.pieces[i]->end();
    }
    total += chunk.count;
  }
  RTC_ASSERT(total == size_);
}

}  // namespace vuer_rtc
