// Lookup by halving in the list of chunks, then in one chunk.
#include "text/id_index.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace vuer_rtc {
namespace {

/// How many of `count` sorted entries begin at most at n.
template <class Entry>
std::size_t count_up_to(const Entry* entries, std::size_t count, std::uint64_t n) {
  const auto is_before = [](std::uint64_t number, const Entry& entry) { return number < entry.n; };
  return static_cast<std::size_t>(std::upper_bound(entries, entries + count, n, is_before) -
                                  entries);
}

}  // namespace

IdIndex::Place::Place(const IdIndex* index, std::size_t chunk, std::size_t slot)
    : index_(index), chunk_(chunk), slot_(slot) {}

Piece* IdIndex::Place::piece() const {
  if (chunk_ >= index_->chunks_.size()) return nullptr;
  return index_->chunks_[chunk_].entries[slot_].piece;
}

Piece* IdIndex::Place::previous() const {
  if (slot_ > 0) return index_->chunks_[chunk_].entries[slot_ - 1].piece;
  if (chunk_ == 0) return nullptr;
  const Chunk& before = index_->chunks_[chunk_ - 1];
  return before.entries[before.count - 1].piece;
}

void IdIndex::Place::advance() {
  if (++slot_ < index_->chunks_[chunk_].count) return;
  slot_ = 0;
  ++chunk_;
}

void IdIndex::Place::retreat() {
  if (slot_ == 0) slot_ = index_->chunks_[--chunk_].count;
  --slot_;
}

/// The last chunk that begins at or before n; the first one when none does.
std::size_t IdIndex::chunk_of(std::uint64_t n) const {
  if (n >= chunks_.back().n) return chunks_.size() - 1;
  const std::size_t before = count_up_to(chunks_.data(), chunks_.size(), n);
  return before ? before - 1 : 0;
}

/// The last piece that begins at or before n; the first one when none does. The list is not empty.
IdIndex::Place IdIndex::last_up_to(std::uint64_t n) const {
  if (near_chunk_ < chunks_.size() && near_slot_ < chunks_[near_chunk_].count &&
      chunks_[near_chunk_].entries[near_slot_].piece->holds(n)) {
    return {this, near_chunk_, near_slot_};
  }
  near_chunk_ = chunk_of(n);
  const Chunk& chunk = chunks_[near_chunk_];
  const std::size_t before = count_up_to(chunk.entries.get(), chunk.count, n);
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
  if (chunks_.empty()) add_chunk(0);
  const std::size_t at = chunk_of(piece->n);
  const Chunk& chunk = chunks_[at];
  const bool is_last = chunk.count > 0 && chunk.entries[chunk.count - 1].n < piece->n;
  insert_at(at, is_last ? chunk.count : count_up_to(chunk.entries.get(), chunk.count, piece->n),
            piece);
}

void IdIndex::insert_behind(Place& place, Piece* piece) {
  insert_at(place.chunk_, place.slot_ + 1, piece);
  place = {this, near_chunk_, near_slot_};
}

void IdIndex::insert_at(std::size_t at, std::size_t slot, Piece* piece) {
  if (chunks_[at].count == kChunk) {
    const std::size_t keep = slot == kChunk ? kChunk - 1 : kChunk / 2;
    split(at, keep);
    if (slot > keep) {
      ++at;
      slot -= keep;
    }
  }
  Chunk& chunk = chunks_[at];
  Entry* entries = chunk.entries.get();
  std::move_backward(entries + slot, entries + chunk.count, entries + chunk.count + 1);
  entries[slot] = {piece->n, piece};
  chunk.n = entries[0].n;
  ++chunk.count;
  ++size_;
  near_chunk_ = at;
  near_slot_ = slot;
}

IdIndex::Chunk& IdIndex::add_chunk(std::size_t at) {
  chunks_.push_back({0, 0, std::make_unique<Entry[]>(kChunk)});
  for (std::size_t i = chunks_.size() - 1; i > at; --i) std::swap(chunks_[i], chunks_[i - 1]);
  return chunks_[at];
}

void IdIndex::split(std::size_t at, std::size_t keep) {
  Chunk& right = add_chunk(at + 1);
  Chunk& left = chunks_[at];
  right.count = left.count - keep;
  std::copy_n(left.entries.get() + keep, right.count, right.entries.get());
  right.n = right.entries[0].n;
  left.count = keep;
}

void IdIndex::erase(Place& place) {
  const std::size_t at = place.chunk_;
  Chunk& chunk = chunks_[at];
  Entry* entries = chunk.entries.get();
  std::move(entries + place.slot_ + 1, entries + chunk.count, entries + place.slot_);
  --chunk.count;
  --size_;
  if (chunk.count > 0) {
    chunk.n = entries[0].n;
    if (place.slot_ == chunk.count) place = {this, at + 1, 0};
    return;
  }
  for (std::size_t i = at; i + 1 < chunks_.size(); ++i) std::swap(chunks_[i], chunks_[i + 1]);
  chunks_.pop_back();
  place = {this, at, 0};
}

std::size_t IdIndex::growth(std::size_t pieces, std::size_t chunks) {
  return pieces * kChunk * sizeof(Entry) + 4 * (chunks + pieces) * sizeof(Chunk);
}

void IdIndex::check() const {
  std::size_t total = 0;
  std::uint64_t end = 0;
  for (const Chunk& chunk : chunks_) {
    RTC_ASSERT(chunk.count > 0 && chunk.count <= kChunk && chunk.n == chunk.entries[0].n);
    for (std::size_t slot = 0; slot < chunk.count; ++slot) {
      const Entry& entry = chunk.entries[slot];
      RTC_ASSERT(entry.n == entry.piece->n && entry.n >= end);
      end = entry.piece->end();
    }
    total += chunk.count;
  }
  RTC_ASSERT(total == size_);
}

}  // namespace vuer_rtc
