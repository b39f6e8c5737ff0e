// Walks over a Sequence for the digest and the snapshot, and its check(). Pieces are what storing
// made of the units; runs are maximal by the law, so they are joined and divided here on the fly.
#include "base/assert.hpp"
#include "text/state.hpp"

namespace vuer_rtc {
namespace {

/// Collects pieces into maximal runs.
class RunJoiner {
 public:
  explicit RunJoiner(FunctionRef<void(const Run&)> visit) : visit_(visit) {}

  void add(const Piece& piece) {
    for (std::uint32_t from = 0; from < piece.length;) {
      const std::uint32_t to = same_stamp_end(piece, from);
      const Stamp stamp = piece.stamp(from);
      add({piece.unit(from),
           to - from,
           piece.parent(from),
           stamp.seq,
           stamp.ts,
           piece.is_visible(),
           piece.undone,
           {piece.content + from, to - from}});
      from = to;
    }
  }

  void finish() {
    if (run_.length > 0) visit_(run_);
    run_.length = 0;
  }

 private:
  static std::uint32_t same_stamp_end(const Piece& piece, std::uint32_t from) {
    if (!piece.stamps) return piece.step && piece.length > 1 ? from + 1 : piece.length;
    std::uint32_t to = from + 1;
    while (to < piece.length && piece.stamps[to] == piece.stamps[from]) ++to;
    return to;
  }

  bool goes_on(const Run& next) const {
    return run_.length > 0 && next.first.agent == run_.first.agent &&
           next.first.n == run_.first.n + run_.length &&
           next.anchor == UnitId{run_.first.agent, next.first.n - 1} && next.seq == run_.seq &&
           next.ts == run_.ts && next.visible == run_.visible && next.undone == run_.undone;
  }

  void add(const Run& next) {
    if (!goes_on(next)) {
      finish();
      run_ = next;
      return;
    }
    if (run_.content.data() + run_.length == next.content.data()) {
      run_.content = {run_.content.data(), run_.content.size() + next.content.size()};
    } else {
      if (run_.content.data() != joined_.data()) joined_ = run_.content;
      joined_ += next.content;
      run_.content = joined_;
    }
    run_.length += next.length;
  }

  FunctionRef<void(const Run&)> visit_;
  Run run_{};
  std::u16string joined_;  // content that does not lie in a row
};

/// Collects ids of one author, in ascending order, into maximal ranges.
class RangeJoiner {
 public:
  RangeJoiner(NameId author, FunctionRef<void(const IdRange&)> visit)
      : range_{author, 0, 0}, visit_(visit) {}

  void add(std::uint64_t from, std::uint64_t to) {
    if (range_.n + range_.length != from) {
      end();
      range_.n = from;
    }
    range_.length = to - range_.n;
  }
  void add(const RangeCounts& counts, std::uint64_t from, std::uint64_t to) {
    counts.visit(from, to, [this](std::uint64_t a, std::uint64_t b, std::uint32_t) { add(a, b); });
  }
  void end() {
    if (range_.length > 0) visit_(range_);
    range_.length = 0;
  }

 private:
  IdRange range_;
  FunctionRef<void(const IdRange&)> visit_;
};

}  // namespace

void Sequence::for_each_run(FunctionRef<void(const Run&)> visit) const {
  RunJoiner joiner(visit);
  for (Cursor at = state_->tree.first(); at; at = at.next()) joiner.add(*at.piece());
  joiner.finish();
}

void Sequence::for_each_waiting(FunctionRef<void(const Run&)> visit) const {
  for (const auto& [key, entry] : state_->waiting.entries()) {
    visit({entry.first, entry.content.size(), entry.anchor, entry.seq, entry.ts, false,
           entry.undone, entry.content});
  }
}

void Sequence::for_each_covered(FunctionRef<void(const IdRange&)> visit) const {
  for (const auto& pointer : state_->authors) {
    const Agent& author = *pointer;
    RangeJoiner ranges(author.name, visit);
    std::uint64_t done = 0;
    for (auto place = author.pieces.lower(0); place.piece(); place.advance()) {
      const Piece& piece = *place.piece();
      ranges.add(author.early, done, piece.n);
      if (piece.covers > 0) ranges.add(piece.n, piece.end());
      done = piece.end();
    }
    ranges.add(author.early, done, UINT64_MAX);
    ranges.end();
  }
}

void Sequence::for_each_early(FunctionRef<void(const IdRange&)> visit) const {
  for (const auto& author : state_->authors) {
    RangeJoiner ranges(author->name, visit);
    ranges.add(author->early, 0, UINT64_MAX);
    ranges.end();
  }
}

void Sequence::check() const {
  const State& state = *state_;
  state.tree.check();
  state.waiting.check();
  std::size_t indexed = 0;
  std::size_t early = 0;
  for (const auto& pointer : state.authors) {
    const Agent& author = *pointer;
    early += author.early.size();
    author.pieces.check();
    author.claimed.check();
    author.early.check();
    indexed += author.pieces.size();
  }
  for (Cursor at = state.tree.first(); at; at = at.next()) {
    const Piece& piece = *at.piece();
    RTC_ASSERT(indexed-- > 0 && state.find(piece.unit(0)) == &piece);
    RTC_ASSERT(is_claimed({piece.agent, piece.n, piece.length}));
    if (piece.anchor().is_none()) {
      RTC_ASSERT(piece.depth == 1);
      continue;
    }
    const Piece* parent = state.find(piece.anchor());
    RTC_ASSERT(parent && piece.depth == parent->depth + piece.anchor_n - parent->n + 1);
    RTC_ASSERT(PieceTree::precedes(PieceTree::cursor_of(parent), at));
  }
  RTC_ASSERT(indexed == 0 && early == state.sizes.early);
  for (const auto& [key, entry] : state.waiting.entries()) RTC_ASSERT(!is_placed(entry.anchor));
}

}  // namespace vuer_rtc
