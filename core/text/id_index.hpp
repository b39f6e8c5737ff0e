// The pieces of one agent by number: a sorted list in chunks, so that an insert moves one chunk
// and, seldom, the list of chunks.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "text/piece.hpp"

namespace vuer_rtc {

class IdIndex {
 public:
  /// A piece in the list; piece() null: behind the last one. Holds until the list changes.
  class Place {
   public:
    Piece* piece() const;
    Piece* previous() const;  ///< null at the beginning
    void advance();
    void retreat();

   private:
    friend class IdIndex;
    Place(const IdIndex* index, std::size_t chunk, std::size_t slot);
    const IdIndex* index_;
    std::size_t chunk_;
    std::size_t slot_;
  };

  /// The piece that holds the number, else null.
  Piece* find(std::uint64_t n) const;
  /// The first piece that ends behind the number.
  Place lower(std::uint64_t n) const;
  void insert(Piece* piece);
  /// Puts a piece right behind the place, which moves to it.
  void insert_behind(Place& place, Piece* piece);
  /// The place moves to the following piece.
  void erase(Place& place);
  std::size_t size() const { return size_; }

  std::size_t chunk_count() const { return chunks_.size(); }
  /// Bytes that so many pieces may allocate, in indexes of at most so many chunks.
  static std::size_t growth(std::size_t pieces, std::size_t chunks);
  void check() const;

 private:
  static constexpr std::size_t kChunk = 128;
  struct Entry {
    std::uint64_t n;
    Piece* piece;
  };
  struct Chunk {
    std::uint64_t n;  // of the first one
    std::size_t count;
    std::unique_ptr<Entry[]> entries;
  };
  std::size_t chunk_of(std::uint64_t n) const;
  Place last_up_to(std::uint64_t n) const;
  void insert_at(std::size_t chunk, std::size_t slot, Piece* piece);
  Chunk& add_chunk(std::size_t at);
  void split(std::size_t chunk, std::size_t keep);

  std::vector<Chunk> chunks_;  // never empty ones
  std::size_t size_ = 0;
  mutable std::size_t near_chunk_ = 0;  // where something was found or put last
  mutable std::size_t near_slot_ = 0;
};

}  // namespace vuer_rtc
