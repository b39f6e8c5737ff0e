// The document order against a plain list: inserts, cuts, joins and changes of visibility anywhere.
#include "text/piece_tree.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

using namespace vuer_rtc;

namespace {

class TreeAndList {
 public:
  explicit TreeAndList(std::uint64_t seed) : random_(seed) {}

  void step(bool growing) {
    const std::uint64_t kind = random_() % 8;
    if (list_.empty() || kind < (growing ? 4u : 1u)) return insert();
    const std::size_t at = random_() % list_.size();
    Piece* piece = list_[at];
    if (kind == 5) {
      piece->covers = piece->covers ? 0 : 1;
      tree_.refresh(PieceTree::cursor_of(piece));
    } else if (growing && piece->length > 1) {
      cut(at);
    } else if (at + 1 < list_.size()) {
      absorb(at);
    }
  }

  void compare() {
    tree_.check();
    std::uint64_t visible = 0, units = 0;
    Cursor at = tree_.first();
    for (Piece* piece : list_) {
      REQUIRE(at.piece() == piece);
      REQUIRE(tree_.visible_before(at) == visible);
      if (piece->is_visible()) {
        const auto [found, offset] = tree_.find_visible(visible + piece->length - 1);
        REQUIRE(found.piece() == piece);
        REQUIRE(offset == piece->length - 1);
      }
      visible += piece->visible();
      units += piece->length;
      at = at.next();
    }
    REQUIRE_FALSE(at);
    REQUIRE(tree_.visible_count() == visible);
    REQUIRE(tree_.unit_count() == units);
    compare_depths();
  }

  std::size_t size() const { return list_.size(); }

 private:
  void insert() {
    Piece* piece = pool_.take();
    *piece = Piece{};
    piece->n = 1000 * ++count_;
    piece->depth = 1 + random_() % 20;
    piece->length = static_cast<std::uint32_t>(1 + random_() % 6);
    const std::size_t at = random_() % (list_.size() + 1);
    tree_.insert_after(at ? PieceTree::cursor_of(list_[at - 1]) : Cursor{}, piece);
    list_.insert(list_.begin() + static_cast<std::ptrdiff_t>(at), piece);
  }

  void cut(std::size_t at) {
    Piece* tail = pool_.take();
    cut_piece(*list_[at], 1, *tail);
    tree_.insert_tail(PieceTree::cursor_of(list_[at]), tail);
    list_.insert(list_.begin() + static_cast<std::ptrdiff_t>(at + 1), tail);
  }

  void absorb(std::size_t at) {
    Piece* next = list_[at + 1];
    if (next->depth < list_[at]->depth || next->covers != list_[at]->covers) return;
    list_[at]->length += next->length;
    tree_.absorb_next(PieceTree::cursor_of(list_[at]));
    pool_.give(next);
    list_.erase(list_.begin() + static_cast<std::ptrdiff_t>(at + 1));
  }

  void compare_depths() {
    if (list_.empty()) return;
    const std::size_t from = random_() % list_.size();
    const std::uint64_t depth = random_() % 22;
    std::size_t expected = from + 1;
    while (expected < list_.size() && list_[expected]->depth > depth) ++expected;
    const Cursor found = PieceTree::next_up_to(PieceTree::cursor_of(list_[from]), depth);
    REQUIRE((found ? found.piece() : nullptr) ==
            (expected < list_.size() ? list_[expected] : nullptr));
  }

  std::mt19937_64 random_;
  PiecePool pool_;
  PieceTree tree_;
  std::vector<Piece*> list_;
  std::uint64_t count_ = 0;
};

}  // namespace

TEST_CASE("piece_tree_equals_a_list_while_it_grows_and_shrinks") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    INFO("seed " << seed);
    TreeAndList both(seed);
    for (int i = 0; i < 3000; ++i) {
      both.step(true);
      if (i % 50 == 0) both.compare();
    }
    const std::size_t largest = both.size();
    for (int i = 0; i < 9000; ++i) {
      both.step(false);
      if (i % 100 == 0) both.compare();
    }
    both.compare();
    CHECK(both.size() < largest);
  }
}
