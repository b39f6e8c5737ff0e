// Cutting a piece anywhere and joining the parts gives the piece back, in each of its three forms.
#include "text/piece.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc;

namespace {

Piece piece_of(const char16_t* content, std::uint32_t length) {
  Piece piece{};
  piece.agent = 3;
  piece.anchor_agent = kNoName;
  piece.n = 10;
  piece.depth = 1;
  piece.first = {5, 2.5};
  piece.content = content;
  piece.length = length;
  return piece;
}

void check_cuts(const Piece& whole) {
  for (std::uint32_t offset = 1; offset < whole.length; ++offset) {
    Piece head = whole, tail{};
    cut_piece(head, offset, tail);
    CHECK(tail.anchor() == whole.unit(offset - 1));
    CHECK(tail.depth == whole.depth + offset);
    CHECK(tail.stamp(0) == whole.stamp(offset));
    REQUIRE(can_join(head, tail));
    join_piece(head, tail);
    CHECK(head.length == whole.length);
    for (std::uint32_t i = 0; i < whole.length; ++i) CHECK(head.stamp(i) == whole.stamp(i));
    ++tail.covers;
    CHECK_FALSE(can_join(head, tail));
  }
}

}  // namespace

TEST_CASE("piece_is_whole_again_after_cut_and_join") {
  const char16_t content[] = u"abcd";
  Piece piece = piece_of(content, 4);
  check_cuts(piece);
  piece.step = 1;
  check_cuts(piece);
  const Stamp stamps[] = {{5, 2.5}, {9, 1}, {9, 1}, {2, 7}};
  piece.stamps = stamps;
  check_cuts(piece);
}

TEST_CASE("piece_joins_only_what_hangs_on_its_last_unit") {
  const char16_t content[] = u"abcd";
  Piece head = piece_of(content, 4), tail{};
  cut_piece(head, 2, tail);
  Piece other = tail;
  other.anchor_n = 10;
  CHECK_FALSE(can_join(head, other));
  other = tail;
  other.undone = true;
  CHECK_FALSE(can_join(head, other));
  other = tail;
  other.first.ts = 3;
  CHECK_FALSE(can_join(head, other));
  other = tail;
  other.first.seq = 6;
  CHECK_FALSE(can_join(head, other));
  CHECK(can_join(head, tail));
}

TEST_CASE("piece_pool_gives_pieces_out_again") {
  PiecePool pool;
  Piece* first = pool.take();
  pool.give(first);
  CHECK(pool.take() == first);
  CHECK(pool.growth(1) == 0);
  CHECK(pool.growth(1000) >= 999 * sizeof(Piece));
}
