// Placing an insert: from its anchor over the siblings that go first, each with all that hangs
// below it, to its gap.
//
// Right behind a unit stand its children, if it has any. A child is one deeper than its parent,
// what hangs below a child is deeper still, and what comes behind all that is not: so depths alone
// tell where a sibling's subtree ends, whatever the seqs are.
#include <algorithm>

#include "base/assert.hpp"
#include "text/state.hpp"

namespace vuer_rtc {
namespace {

constexpr std::uint32_t kLongestRestamp = 64;

/// The unit behind a gap: its piece and offset.
Gap unit_behind(Gap gap, const PieceTree& tree) {
  if (!gap.at) return {tree.first(), 0, gap.depth};
  if (gap.offset < gap.at.piece()->length) return gap;
  return {gap.at.next(), 0, gap.depth};
}

/// Would the units go on in the way the piece counts its seqs?
bool fits_step(const Piece& piece, const Entry& entry) {
  if (piece.stamps || entry.ts != piece.first.ts || entry.seq < piece.first.seq) return false;
  const std::uint64_t gap = entry.seq - piece.first.seq;
  const std::uint64_t step = piece.length == 1 ? gap : piece.step;
  if (step > 1 || (step == 1 && entry.content.size() > 1)) return false;
  return gap == piece.length * step;
}

/// Gives every unit of the piece, and the entry's behind them, a stamp of its own.
void write_stamps(Piece& piece, Content& content, const Entry& entry) {
  Stamp* stamps = content.stamps_at(piece.content);
  if (!piece.stamps) {
    for (std::uint32_t i = 0; i < piece.length; ++i) stamps[i] = piece.stamp(i);
    piece.stamps = stamps;
  }
  std::fill_n(stamps + piece.length, entry.content.size(), Stamp{entry.seq, entry.ts});
}

}  // namespace

/// Takes the units behind the piece in, unless only stamps of their own, in `stamped`, would tell
/// theirs.
bool grow_piece(Piece& piece, const Entry& entry, Content* stamped) {
  if (fits_step(piece, entry)) {
    if (piece.length == 1) piece.step = static_cast<std::uint32_t>(entry.seq - piece.first.seq);
  } else {
    if (!stamped || (!piece.stamps && piece.length > kLongestRestamp)) return false;
    write_stamps(piece, *stamped, entry);
  }
  piece.length += static_cast<std::uint32_t>(entry.content.size());
  return true;
}

/// Law, section 7: siblings by seq descending, ts, agent, number ascending.
bool Sequence::State::goes_first(const Piece& piece, std::uint32_t offset,
                                 const Entry& entry) const {
  const Stamp stamp = piece.stamp(offset);
  if (stamp.seq != entry.seq) return stamp.seq > entry.seq;
  if (stamp.ts != entry.ts) return stamp.ts < entry.ts;
  if (piece.agent == entry.first.agent) return piece.n + offset < entry.first.n;
  return compare_agents(names->view(piece.agent), names->view(entry.first.agent)) < 0;
}

Gap Sequence::State::gap_for(const Entry& entry) const {
  Gap gap{{}, 0, 1};
  if (!entry.anchor.is_none()) {
    const Piece* parent = find(entry.anchor);
    const std::uint64_t offset = entry.anchor.n - parent->n;
    gap = {PieceTree::cursor_of(parent), static_cast<std::uint32_t>(offset + 1),
           parent->depth + offset + 1};
  }
  const Gap first = unit_behind(gap, tree);
  Gap unit = first;
  while (unit.at && unit.at.piece()->depth + unit.offset == gap.depth &&
         goes_first(*unit.at.piece(), unit.offset, entry)) {
    unit = {PieceTree::next_up_to(unit.at, gap.depth), 0, gap.depth};
  }
  if (unit.at.leaf == first.at.leaf && unit.at.slot == first.at.slot) return gap;
  const Cursor before = unit.at ? unit.at.previous() : tree.last();
  return {before, before.piece()->length, gap.depth};
}

/// Typing on: the piece in front of the gap takes the units in, where its content and its anchor
/// allow.
bool Sequence::State::extend(Agent& author, Gap gap, const Entry& entry) {
  if (!gap.at) return false;
  Piece& piece = *gap.at.piece();
  const bool goes_on = gap.offset == piece.length && piece.agent == entry.first.agent &&
                       piece.end() == entry.first.n &&
                       entry.anchor == piece.unit(piece.length - 1) &&
                       entry.content.data() == piece.content + piece.length;
  if (!goes_on || piece.covers > 0 || piece.undone != entry.undone) return false;
  const bool is_newest = entry.content.data() + entry.content.size() == author.content.end();
  if (!grow_piece(piece, entry, is_newest ? &author.content : nullptr)) return false;
  tree.refresh(gap.at);
  if (splice.is_watched() && piece.is_visible()) {
    note_change(tree.visible_before(gap.at) + gap.offset, entry.content.size());
  }
  return true;
}

Piece* Sequence::State::new_piece(const Entry& entry, std::uint64_t depth) {
  Piece* piece = pool.take();
  piece->agent = entry.first.agent;
  piece->n = entry.first.n;
  piece->anchor_agent = entry.anchor.agent;
  piece->anchor_n = entry.anchor.n;
  piece->depth = depth;
  piece->first = {entry.seq, entry.ts};
  piece->content = entry.content.data();
  piece->stamps = nullptr;
  piece->length = static_cast<std::uint32_t>(entry.content.size());
  piece->covers = 0;
  piece->step = 0;
  piece->undone = entry.undone;
  return piece;
}

void Sequence::State::insert_piece(Agent& author, Gap gap, const Entry& entry) {
  Piece* piece = new_piece(entry, gap.depth);
  if (gap.at) {
    Piece* before = gap.at.piece();
    if (gap.offset < before->length) {
      IdIndex& pieces = find_author(before->agent)->pieces;
      auto place = pieces.lower(before->n);
      cut(pieces, place, gap.offset);
    }
    gap.at = PieceTree::cursor_of(before);
  }
  tree.insert_after(gap.at, piece);
  author.pieces.insert(piece);
  if (splice.is_watched() && piece->is_visible()) {
    note_change(tree.visible_before(PieceTree::cursor_of(piece)), piece->length);
  }
}

/// Deletions that came before these units take hold of them.
void Sequence::State::settle_early(Agent& author, const IdRange& units) {
  struct Part {
    std::uint64_t from, to;
    std::uint32_t count;
  };
  std::vector<Part> parts;
  const std::uint64_t end = units.n + units.length;
  author.early.visit(units.n, end, [&](std::uint64_t from, std::uint64_t to, std::uint32_t count) {
    parts.push_back({from, to, count});
  });
  sizes.early -= author.early.size();
  author.early.clear(units.n, end);
  sizes.early += author.early.size();
  for (const Part& part : parts) {
    const auto hide = [](Piece& piece, std::uint32_t count) { piece.covers += count; };
    change_range({units.agent, part.from, part.to - part.from}, hide, part.count, nullptr);
  }
}

void Sequence::State::place(const Entry& entry) {
  Agent& author = author_of(entry.first.agent);
  const Gap gap = gap_for(entry);
  if (!extend(author, gap, entry)) insert_piece(author, gap, entry);
  if (!author.early.is_empty()) {
    settle_early(author, {entry.first.agent, entry.first.n, entry.content.size()});
  }
}

/// Places the entry and all that waited for it, without recursion: chains may be long.
void Sequence::State::place_all(const Entry& entry, std::vector<UnitId>* placed) {
  place(entry);
  if (placed) placed->push_back(entry.first);
  if (waiting.is_empty()) return;
  std::vector<IdRange> arrived{{entry.first.agent, entry.first.n, entry.content.size()}};
  while (!arrived.empty()) {
    Entry next;
    if (!waiting.take(arrived.back(), next)) {
      arrived.pop_back();
      continue;
    }
    place(next);
    if (placed) placed->push_back(next.first);
    arrived.push_back({next.first.agent, next.first.n, next.content.size()});
  }
}

}  // namespace vuer_rtc
