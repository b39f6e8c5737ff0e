// The index of one agent's pieces against a std::map.
#include "text/id_index.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <random>

using namespace vuer_rtc;

TEST_CASE("id_index_equals_a_map") {
  std::mt19937_64 random(5);
  PiecePool pool;
  IdIndex index;
  std::map<std::uint64_t, Piece*> plain;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t n = random() % 9000 * 3;
    const auto found = plain.find(n);
    if (found == plain.end() && random() % 3 > 0) {
      Piece* piece = pool.take();
      *piece = Piece{};
      piece->n = n;
      piece->length = static_cast<std::uint32_t>(1 + random() % 3);
      index.insert(piece);
      plain[n] = piece;
    } else if (found != plain.end()) {
      auto place = index.lower(n);
      REQUIRE(place.piece() == found->second);
      index.erase(place);
      pool.give(found->second);
      const auto next = plain.erase(found);
      REQUIRE(place.piece() == (next == plain.end() ? nullptr : next->second));
    }
    const std::uint64_t probe = random() % 27'000;
    auto behind = plain.upper_bound(probe);
    Piece* expected = nullptr;
    if (behind != plain.begin() && std::prev(behind)->second->holds(probe)) {
      expected = std::prev(behind)->second;
    }
    REQUIRE(index.find(probe) == expected);
    if (step % 500 == 0) index.check();
  }
  REQUIRE(index.size() == plain.size());
  auto place = index.lower(0);
  const Piece* before = nullptr;
  for (const auto& [n, piece] : plain) {
    REQUIRE(place.piece() == piece);
    REQUIRE(place.previous() == before);
    before = piece;
    place.advance();
  }
  CHECK(place.piece() == nullptr);
  place.retreat();
  CHECK(place.piece() == before);
}

TEST_CASE("id_index_puts_tails_behind_their_heads") {
  PiecePool pool;
  IdIndex index;
  Piece* head = pool.take();
  *head = Piece{};
  head->length = 1000;
  index.insert(head);
  for (std::uint32_t length = 1000; length > 1; --length) {
    auto place = index.lower(0);
    Piece* tail = pool.take();
    cut_piece(*head, length - 1, *tail);
    index.insert_behind(place, tail);
    REQUIRE(place.piece() == tail);
    REQUIRE(place.previous() == head);
  }
  index.check();
  CHECK(index.size() == 1000);
  CHECK(index.find(999)->n == 999);
}
