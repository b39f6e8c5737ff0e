// The entrances of a Sequence that read, and insert().
#include "text/sequence.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "text/state.hpp"

namespace vuer_rtc {
namespace {

constexpr std::size_t kTextBuffer = 4096;

}  // namespace

Agent* Sequence::State::find_author(NameId agent) const {
  if (last_author && last_author->name == agent) return last_author;
  const auto is_it = [&](std::uint32_t index) { return authors[index]->name == agent; };
  const std::uint32_t index = author_table.find(mix_hash(agent), is_it);
  if (index == IndexTable::kNone) return nullptr;
  last_author = authors[index].get();
  return last_author;
}

Agent& Sequence::State::author_of(NameId agent) {
  if (Agent* author = find_author(agent)) return *author;
  author_table.insert(mix_hash(agent), static_cast<std::uint32_t>(authors.size()));
  authors.push_back(std::make_unique<Agent>(agent));
  return *authors.back();
}

void Sequence::State::note_sizes(const Agent& author) {
  sizes.content_blocks = std::max(sizes.content_blocks, author.content.block_count());
  sizes.index_chunks = std::max(sizes.index_chunks, author.pieces.chunk_count());
}

Piece* Sequence::State::find(UnitId unit) const {
  const Agent* author = find_author(unit.agent);
  return author ? author->pieces.find(unit.n) : nullptr;
}

Sequence::Sequence(const Names& agents) : state_(std::make_unique<State>(agents)) {}
Sequence::~Sequence() = default;
Sequence::Sequence(Sequence&&) noexcept = default;
Sequence& Sequence::operator=(Sequence&&) noexcept = default;

bool Sequence::is_claimed(const IdRange& range) const {
  const Agent* author = state_->find_author(range.agent);
  return author && author->claimed.touches(range.n, range.n + range.length);
}

bool Sequence::is_placed(UnitId unit) const { return state_->find(unit) != nullptr; }

void Sequence::insert(const Insert& insert, std::vector<UnitId>* placed) {
  RTC_ASSERT(!insert.content.empty() && insert.content.size() < UINT32_MAX);
  Agent& author = state_->author_of(insert.first.agent);
  author.claimed.add(insert.first.n, insert.first.n + insert.content.size());
  state_->highest_seq = std::max(state_->highest_seq, insert.seq);
  const char16_t* content = author.content.append(insert.content);
  const Entry entry{
      insert.first, insert.anchor, insert.seq, insert.ts, {content, insert.content.size()},
      insert.undone};
  if (insert.anchor.is_none() || is_placed(insert.anchor)) {
    state_->place_all(entry, placed);
  } else {
    state_->waiting.add(entry);
  }
  state_->note_sizes(author);
}

std::uint64_t Sequence::visible_length() const { return state_->tree.visible_count(); }
std::uint64_t Sequence::unit_count() const { return state_->tree.unit_count(); }
std::uint64_t Sequence::waiting_count() const { return state_->waiting.size(); }
std::uint64_t Sequence::highest_seq() const { return state_->highest_seq; }

std::uint64_t Sequence::next_number(NameId agent) const {
  const Agent* author = state_->find_author(agent);
  return author ? author->claimed.end() : 0;
}

void Sequence::append_units(std::u16string& units) const {
  for (Cursor at = state_->tree.first(); at; at = at.next()) {
    const Piece& piece = *at.piece();
    if (piece.is_visible()) units.append(piece.content, piece.length);
  }
}

void Sequence::append_text(std::string& utf8) const {
  std::u16string units;  // of a few pieces; a pair may lie on both sides of an edge
  for (Cursor at = state_->tree.first(); at; at = at.next()) {
    const Piece& piece = *at.piece();
    if (!piece.is_visible()) continue;
    units.append(piece.content, piece.length);
    if (units.size() < kTextBuffer || is_high_surrogate(units.back())) continue;
    append_utf8(units, utf8);
    units.clear();
  }
  append_utf8(units, utf8);
}

char16_t Sequence::unit_at(std::uint64_t position) const {
  const auto [at, offset] = state_->tree.find_visible(position);
  return at.piece()->content[offset];
}

UnitId Sequence::id_at(std::uint64_t position) const {
  const auto [at, offset] = state_->tree.find_visible(position);
  return at.piece()->unit(offset);
}

std::uint64_t Sequence::visible_through(UnitId unit) const {
  const Piece* piece = state_->find(unit);
  RTC_ASSERT(piece);
  const std::uint64_t before = state_->tree.visible_before(PieceTree::cursor_of(piece));
  return before + (piece->is_visible() ? unit.n - piece->n + 1 : 0);
}

void Sequence::append_ids(std::uint64_t from, std::uint64_t to,
                          std::vector<IdRange>& ranges) const {
  if (from >= to) return;
  auto [at, offset] = state_->tree.find_visible(from);
  for (std::uint64_t left = to - from; left > 0; at = at.next(), offset = 0) {
    const Piece& piece = *at.piece();
    if (!piece.is_visible()) continue;
    const std::uint64_t length = std::min<std::uint64_t>(left, piece.length - offset);
    const UnitId first = piece.unit(offset);
    const bool goes_on = !ranges.empty() && ranges.back().agent == first.agent &&
                         ranges.back().n + ranges.back().length == first.n;
    if (goes_on) {
      ranges.back().length += length;
    } else {
      ranges.push_back({first.agent, first.n, length});
    }
    left -= length;
  }
}

void Sequence::watch() { state_->splice.restart(visible_length()); }

bool Sequence::take_splice(Splice& out) {
  SpliceWindow& window = state_->splice;
  if (!window.is_changed()) return false;
  const std::uint64_t length = visible_length();
  out.at = window.before();
  out.removed = window.length() - window.before() - window.after();
  out.inserted.clear();
  std::uint64_t left = length - window.before() - window.after();
  window.restart(length);
  if (left == 0) return out.removed > 0;
  auto [at, offset] = state_->tree.find_visible(out.at);
  for (; left > 0; at = at.next(), offset = 0) {
    const Piece& piece = *at.piece();
    if (!piece.is_visible()) continue;
    const std::uint64_t count = std::min<std::uint64_t>(left, piece.length - offset);
    out.inserted.append(piece.content + offset, count);
    left -= count;
  }
  return true;
}

std::size_t Sequence::growth(std::size_t units) const {
  const State& state = *state_;
  const Sizes& sizes = state.sizes;
  const std::size_t inserts = 1 + state.waiting.size();
  const std::size_t early = inserts > 1 ? sizes.early : std::min(units, sizes.early);
  const std::size_t pieces = 2 * inserts + 2 * early;
  return Content::growth(units, sizes.content_blocks) + state.pool.growth(pieces) +
         IdIndex::growth(pieces, sizes.index_chunks) + state.tree.growth(pieces) +
         state.author_table.growth(1) + sizeof(Agent) +
         2 * (state.authors.size() + 1) * sizeof(void*) + WaitingInserts::growth() +
         RangeSet::growth() + RangeCounts::growth(early) + 2 * inserts * sizeof(IdRange);
}

}  // namespace vuer_rtc
