// Deletions and undo: the units of a range are cut free at its edges, changed, and joined with
// their neighbours again where nothing tells them apart any more.
#include "base/assert.hpp"
#include "text/state.hpp"

namespace vuer_rtc {

/// Cuts a piece in two; returns the rest.
Piece* Sequence::State::cut(Author& author, Piece* piece, std::uint32_t offset) {
  Piece* tail = pool.take();
  cut_piece(*piece, offset, *tail);
  tree.insert_tail(PieceTree::cursor_of(piece), tail);
  author.pieces.insert(tail);
  return tail;
}

void Sequence::State::cut_edges(Author& author, std::uint64_t from, std::uint64_t to) {
  for (const std::uint64_t edge : {from, to}) {
    Piece* piece = author.pieces.find(edge);
    if (piece && piece->n < edge) cut(author, piece, static_cast<std::uint32_t>(edge - piece->n));
  }
}

/// Joins what can be joined among the pieces of [from, to) and the ones that touch them.
void Sequence::State::join_around(Author& author, std::uint64_t from, std::uint64_t to) {
  Piece* left = from > 0 ? author.pieces.find(from - 1) : nullptr;
  auto place = author.pieces.lower(from);
  while (Piece* piece = place.piece()) {
    if (piece->n > to) return;
    const bool joins = left && can_join(*left, *piece);
    const Cursor at = joins ? PieceTree::cursor_of(left) : Cursor{};
    const Cursor next = joins ? at.next() : Cursor{};
    if (!next || next.piece() != piece) {
      left = piece;
      place.advance();
      continue;
    }
    author.pieces.erase(piece);
    join_piece(*left, *piece);
    tree.absorb_next(at);
    pool.give(piece);
    place = author.pieces.lower(left->end());
  }
}

/// The piece may have become visible or hidden.
void Sequence::State::show_again(Piece* piece, bool was_visible) {
  if (piece->is_visible() == was_visible) return;
  const Cursor at = PieceTree::cursor_of(piece);
  tree.refresh(at);
  if (splice.is_watched()) note_change(tree.visible_before(at), piece->visible());
}

/// Calls `change` for every piece of the range, and `missing` (when given) for the numbers that no
/// piece holds.
void Sequence::State::change_range(
    const IdRange& range, const std::function<void(Piece&)>& change,
    const std::function<void(std::uint64_t, std::uint64_t)>& missing) {
  Author& author = author_of(range.agent);
  const std::uint64_t to = range.n + range.length;
  std::uint64_t done = range.n;
  cut_edges(author, range.n, to);
  for (auto place = author.pieces.lower(range.n); place.piece(); place.advance()) {
    Piece* piece = place.piece();
    if (piece->n >= to) break;
    if (missing && piece->n > done) missing(done, piece->n);
    const bool was_visible = piece->is_visible();
    change(*piece);
    show_again(piece, was_visible);
    done = piece->end();
  }
  if (missing && done < to) missing(done, to);
  join_around(author, range.n, to);
}

void Sequence::State::note_change(std::uint64_t at, std::uint64_t inserted) {
  splice.change(at, tree.visible_count() - at - inserted);
}

void Sequence::cover(const IdRange& range) {
  if (range.length == 0) return;
  RangeCounts& early = state_->author_of(range.agent).early;
  state_->change_range(
      range, [](Piece& piece) { ++piece.covers; },
      [&](std::uint64_t from, std::uint64_t to) { early.add(from, to); });
}

void Sequence::uncover(const IdRange& range) {
  if (range.length == 0) return;
  RangeCounts& early = state_->author_of(range.agent).early;
  const auto show = [](Piece& piece) {
    RTC_ASSERT(piece.covers > 0);
    --piece.covers;
  };
  state_->change_range(range, show,
                       [&](std::uint64_t from, std::uint64_t to) { early.subtract(from, to); });
}

void Sequence::set_undone(const IdRange& units, bool undone) {
  if (units.length == 0) return;
  state_->change_range(
      units, [undone](Piece& piece) { piece.undone = undone; }, nullptr);
  state_->waiting.set_undone(units, undone);
}

}  // namespace vuer_rtc
