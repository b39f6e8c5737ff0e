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

Piece* IdIndex::Place::previous() const {
  if (slot_ > 0) return index_->chunks_[chunk_]->pieces[slot_ - 1];
  if (chunk_ == 0) return nullptr;
  const Chunk& before = *index_->chunks_[chunk_ - 1];
  return before.pieces[before.count - 1];
}

void IdIndex::Place::retreat() {
  if (slot_ == 0) slot_ = index_->chunks_[--chunk_]->count;
  --slot_;
}

/// The last chunk that begins at or before n; the first one when none does.
std::size_t IdIndex::chunk_of(std::uint64_t n) const {
  if (n >= firsts_.back()) return firsts_.size() - 1;
  const std::size_t before = count_up_to(firsts_.data(), firsts_.size(), n);
  return before ? before - 1 : 0;
}

/// The last piece that begins at or before n; the first one when none does. The list is not empty.
IdIndex::Place IdIndex::last_up_to(std::uint64_t n) const {
  if (near_chunk_ < chunks_.size() && near_slot_ < chunks_[near_chunk_]->count &&
      chunks_[near_chunk_]->pieces[near_slot_]->holds(n)) {
    return {this, near_chunk_, near_slot_};
  }
  near_chunk_ = chunk_of(n);
  const Chunk& chunk = *chunks_[near_chunk_];
  const std::size_t before = count_up_to(chunk.numbers, chunk.count, n);
  near_slot_ = before ? before - 1 : 0;
  return {this, near_chunk_, near_slot_};
}

Piece* IdIndex::find(std::uint64_t n) const {
  if (chunks_.empty()) return nullptr;
  Piece* piece = last_up_to(n).piece();
  return piece->holds(n) ? piece : nullptr;
}

IdIndex::Place IdIndex::lower(std::uint64_t n) const {
  if (chunks_.empty()) return {this, 0, 0};
  Place place = last_up_to(n);
  if (place.piece()->end() <= n) place.advance();
  return place;
}

void IdIndex::insert(Piece* piece) {
  if (chunks_.empty()) {
    chunks_.push_back(std::make_unique<Chunk>());
    firsts_.push_back(piece->n);
  }
  const std::size_t at = chunk_of(piece->n);
  const Chunk& chunk = *chunks_[at];
  const bool is_last = chunk.count > 0 && chunk.numbers[chunk.count - 1] < piece->n;
  insert_at(at, is_last ? chunk.count : count_up_to(chunk.numbers, chunk.count, piece->n), piece);
}

void IdIndex::insert_behind(Place& place, Piece* piece) {
  insert_at(place.chunk_, place.slot_ + 1, piece);
  place = {this, near_chunk_, near_slot_};
}

void IdIndex::insert_at(std::size_t at, std::size_t slot, Piece* piece) {
  if (chunks_[at]->count == kChunk) {
    const std::size_t keep = slot == kChunk ? kChunk - 1 : kChunk / 2;
    split(at, keep);
    if (slot > keep) {
      ++at;
      slot -= keep;
    }
  }
  Chunk& chunk = *chunks_[at];
  std::copy_backward(chunk.numbers + slot, chunk.numbers + chunk.count,
                     chunk.numbers + chunk.count + 1);
  std::copy_backward(chunk.pieces + slot, chunk.pieces + chunk.count,
                     chunk.pieces + chunk.count + 1);
  chunk.numbers[slot] = piece->n;
  chunk.pieces[slot] = piece;
  ++chunk.count;
  firsts_[at] = chunk.numbers[0];
  ++size_;
  near_chunk_ = at;
  near_slot_ = slot;
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

void IdIndex::erase(Place& place) {
  const std::size_t at = place.chunk_;
  Chunk& chunk = *chunks_[at];
  std::copy(chunk.numbers + place.slot_ + 1, chunk.numbers + chunk.count,
            chunk.numbers + place.slot_);
  std::copy(chunk.pieces + place.slot_ + 1, chunk.pieces + chunk.count, chunk.pieces + place.slot_);
  --size_;
  if (--chunk.count > 0) {
    firsts_[at] = chunk.numbers[0];
    if (place.slot_ == chunk.count) place = {this, at + 1, 0};
    return;
  }
  firsts_.erase(firsts_.begin() + static_cast<std::ptrdiff_t>(at));
  chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(at));
  place = {this, at, 0};
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
