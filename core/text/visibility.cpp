// Deletions and undo: the pieces of a range are cut at its edges, changed, and joined with their
// neighbours again where nothing tells them apart any more.
#include "base/assert.hpp"
#include "text/state.hpp"

namespace vuer_rtc {

/// Cuts a piece in two; the place moves to the second one.
void Sequence::State::cut(IdIndex& pieces, IdIndex::Place& place, std::uint32_t offset) {
  Piece* piece = place.piece();
  Piece* tail = pool.take();
  cut_piece(*piece, offset, *tail);
  tree.insert_tail(PieceTree::cursor_of(piece), tail);
  pieces.insert_behind(place, tail);
}

/// Joins the piece to the one before, where that can be; then the place is at the following one.
bool Sequence::State::join(IdIndex& pieces, IdIndex::Place& place) {
  Piece* left = place.previous();
  Piece* piece = place.piece();
  if (!left || !piece || !can_join(*left, *piece)) return false;
  const Cursor at = PieceTree::cursor_of(left);
  const Cursor next = at.next();
  if (!next || next.piece() != piece) return false;
  pieces.erase(place);
  join_piece(*left, *piece);
  tree.absorb_next(at);
  pool.give(piece);
  return true;
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
void Sequence::State::change_range(const IdRange& range, Change change, std::uint32_t value,
                                   const Missing& missing) {
  IdIndex& pieces = author_of(range.agent).pieces;
  const std::uint64_t to = range.n + range.length;
  std::uint64_t done = range.n;
  auto place = pieces.lower(done);
  while (Piece* piece = place.piece()) {
    if (piece->n >= to) break;
    if (piece->n < done) {
      cut(pieces, place, static_cast<std::uint32_t>(done - piece->n));
      continue;
    }
    if (piece->end() > to) {
      cut(pieces, place, static_cast<std::uint32_t>(to - piece->n));
      place.retreat();
    }
    if (missing && piece->n > done) missing(done, piece->n);
    const bool was_visible = piece->is_visible();
    change(*piece, value);
    show_again(piece, was_visible);
    done = piece->end();
    if (!join(pieces, place)) place.advance();
  }
  if (missing && done < to) missing(done, to);
  join(pieces, place);
}

void Sequence::State::note_change(std::uint64_t at, std::uint64_t inserted) {
  splice.change(at, tree.visible_count() - at - inserted);
}

void Sequence::cover(const IdRange& range) {
  if (range.length == 0) return;
  RangeCounts& early = state_->author_of(range.agent).early;
  state_->sizes.early -= early.size();
  const auto hide = [](Piece& piece, std::uint32_t) { ++piece.covers; };
  const auto missing = [&](std::uint64_t from, std::uint64_t to) { early.add(from, to); };
  state_->change_range(range, hide, 0, missing);
  state_->sizes.early += early.size();
}

void Sequence::uncover(const IdRange& range) {
  if (range.length == 0) return;
  RangeCounts& early = state_->author_of(range.agent).early;
  state_->sizes.early -= early.size();
  const auto show = [](Piece& piece, std::uint32_t) {
    RTC_ASSERT(piece.covers > 0);
    --piece.covers;
  };
  const auto missing = [&](std::uint64_t from, std::uint64_t to) { early.subtract(from, to); };
  state_->change_range(range, show, 0, missing);
  state_->sizes.early += early.size();
}

void Sequence::set_undone(const IdRange& units, bool undone) {
  if (units.length == 0) return;
  const auto set = [](Piece& piece, std::uint32_t value) { piece.undone = value != 0; };
  state_->change_range(units, set, undone ? 1 : 0, nullptr);
  state_->waiting.set_undone(units, undone);
}

}  // namespace vuer_rtc
