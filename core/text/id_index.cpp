// Lookup by halving in the list of chunks, then in one chunk.
#include "text/id_index.hpp"

#include <algorithm>
#include <iterator>

#include "base/assert.hpp"

namespace vuer_rtc {
namespace {

/// How many of the sorted entries begin at most at n.
template <class Entries>
std::size_t count_up_to(const Entries& entries, std::uint64_t n) {
  const auto is_before = [](std::uint64_t number, const auto& entry) { return number < entry.n; };
  const auto behind = std::upper_bound(entries.begin(), entries.end(), n, is_before);
  return static_cast<std::size_t>(behind - entries.begin());
}

std::ptrdiff_t offset(std::size_t index) { return static_cast<std::ptrdiff_t>(index); }

}  // namespace

IdIndex::Place::Place(const IdIndex* index, std::size_t chunk, std::size_t slot)
    : index_(index), chunk_(chunk), slot_(slot) {}

Piece* IdIndex::Place::piece() const {
  if (chunk_ >= index_->chunks_.size()) return nullptr;
  return index_->chunks_[chunk_][slot_].piece;
}

Piece* IdIndex::Place::previous() const {
  if (slot_ > 0) return index_->chunks_[chunk_][slot_ - 1].piece;
  return chunk_ > 0 ? index_->chunks_[chunk_ - 1].back().piece : nullptr;
}

void IdIndex::Place::advance() {
  if (++slot_ < index_->chunks_[chunk_].size()) return;
  slot_ = 0;
  ++chunk_;
}

void IdIndex::Place::retreat() {
  if (slot_ == 0) slot_ = index_->chunks_[--chunk_].size();
  --slot_;
}

/// The last chunk that begins at or before n; the first one when none does.
std::size_t IdIndex::chunk_of(std::uint64_t n) const {
  if (n >= firsts_.back()) return firsts_.size() - 1;
  const auto behind = std::upper_bound(firsts_.begin(), firsts_.end(), n);
  return behind == firsts_.begin() ? 0 : static_cast<std::size_t>(behind - firsts_.begin() - 1);
}

/// The last piece that begins at or before n; the first one when none does. The list is not empty.
IdIndex::Place IdIndex::last_up_to(std::uint64_t n) const {
  if (near_chunk_ < chunks_.size() && near_slot_ < chunks_[near_chunk_].size() &&
      chunks_[near_chunk_][near_slot_].piece->holds(n)) {
    return {this, near_chunk_, near_slot_};
  }
  near_chunk_ = chunk_of(n);
  const std::size_t before = count_up_to(chunks_[near_chunk_], n);
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
    chunks_.emplace_back();
    firsts_.push_back(piece->n);
  }
  const std::size_t at = chunk_of(piece->n);
  const Chunk& chunk = chunks_[at];
  const bool is_last = !chunk.empty() && chunk.back().n < piece->n;
  insert_at(at, is_last ? chunk.size() : count_up_to(chunk, piece->n), piece);
}

void IdIndex::insert_behind(Place& place, Piece* piece) {
  insert_at(place.chunk_, place.slot_ + 1, piece);
  place = {this, near_chunk_, near_slot_};
}

void IdIndex::insert_at(std::size_t at, std::size_t slot, Piece* piece) {
  if (chunks_[at].size() == kChunk) {
    const std::size_t keep = slot == kChunk ? kChunk - 1 : kChunk / 2;
    split(at, keep);
    if (slot > keep) {
      ++at;
      slot -= keep;
    }
  }
  Chunk& chunk = chunks_[at];
  chunk.insert(chunk.begin() + offset(slot), Entry{piece->n, piece});
  firsts_[at] = chunk.front().n;
  ++size_;
  near_chunk_ = at;
  near_slot_ = slot;
}

void IdIndex::split(std::size_t at, std::size_t keep) {
  Chunk right;
  right.reserve(kChunk);
  right.assign(chunks_[at].begin() + offset(keep), chunks_[at].end());
  chunks_[at].erase(chunks_[at].begin() + offset(keep), chunks_[at].end());
  firsts_.insert(firsts_.begin() + offset(at + 1), right.front().n);
  chunks_.insert(chunks_.begin() + offset(at + 1), std::move(right));
}

void IdIndex::erase(Place& place) {
  const std::size_t at = place.chunk_;
  Chunk& chunk = chunks_[at];
  chunk.erase(chunk.begin() + offset(place.slot_));
  --size_;
  if (!chunk.empty()) {
    firsts_[at] = chunk.front().n;
    if (place.slot_ == chunk.size()) place = {this, at + 1, 0};
    return;
  }
  firsts_.erase(firsts_.begin() + offset(at));
  chunks_.erase(chunks_.begin() + offset(at));
  place = {this, at, 0};
}

std::size_t IdIndex::growth(std::size_t pieces, std::size_t chunks) {
  const std::size_t per_chunk = sizeof(std::uint64_t) + sizeof(Chunk);
  return pieces * kChunk * sizeof(Entry) + 4 * (chunks + pieces) * per_chunk;
}

void IdIndex::check() const {
  RTC_ASSERT(firsts_.size() == chunks_.size());
  std::size_t total = 0;
  std::uint64_t end = 0;
  for (std::size_t at = 0; at < chunks_.size(); ++at) {
    const Chunk& chunk = chunks_[at];
    RTC_ASSERT(!chunk.empty() && chunk.size() <= kChunk && firsts_[at] == chunk.front().n);
    for (const Entry& entry : chunk) {
      RTC_ASSERT(entry.n == entry.piece->n && entry.n >= end);
      end = entry.piece->end();
    }
    total += chunk.size();
  }
  RTC_ASSERT(total == size_);
}

}  // namespace vuer_rtc
