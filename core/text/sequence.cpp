// The entrances of a Sequence that read, and insert().
#include "text/sequence.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "text/state.hpp"

namespace vuer_rtc {

Author* Sequence::State::find_author(NameId agent) const {
  if (last_author && last_author->name == agent) return last_author;
  const auto found = author_table.find(agent);
  if (found == author_table.end()) return nullptr;
  last_author = found->second;
  return last_author;
}

Author& Sequence::State::author_of(NameId agent) {
  if (Author* author = find_author(agent)) return *author;
  authors.emplace_back(agent);
  author_table.emplace(agent, &authors.back());
  return authors.back();
}

Piece* Sequence::State::find(UnitId unit) const {
  const Author* author = find_author(unit.agent);
  return author ? author->pieces.find(unit.n) : nullptr;
}

Sequence::Sequence(const Names& agents) : state_(std::make_unique<State>(agents)) {}
Sequence::~Sequence() = default;
Sequence::Sequence(Sequence&&) noexcept = default;
Sequence& Sequence::operator=(Sequence&&) noexcept = default;

bool Sequence::is_claimed(const IdRange& range) const {
  const Author* author = state_->find_author(range.agent);
  return author && author->claimed.touches(range.n, range.n + range.length);
}

bool Sequence::is_placed(UnitId unit) const { return state_->find(unit) != nullptr; }

void Sequence::insert(const Insert& insert, std::vector<UnitId>* placed) {
  RTC_ASSERT(!insert.content.empty() && insert.content.size() < UINT32_MAX);
  Author& author = state_->author_of(insert.first.agent);
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
}

std::uint64_t Sequence::visible_length() const { return state_->tree.visible_count(); }
std::uint64_t Sequence::unit_count() const { return state_->tree.unit_count(); }
std::uint64_t Sequence::waiting_count() const { return state_->waiting.size(); }
std::uint64_t Sequence::highest_seq() const { return state_->highest_seq; }

std::uint64_t Sequence::next_number(NameId agent) const {
  const Author* author = state_->find_author(agent);
  return author ? author->claimed.end() : 0;
}

void Sequence::append_units(std::u16string& units) const {
  for (Cursor at = state_->tree.first(); at; at = at.next()) {
    const Piece& piece = *at.piece();
    if (piece.is_visible()) units.append(piece.content, piece.length);
  }
}

void Sequence::append_text(std::string& utf8) const {
  // A pair may lie on both sides of an edge: a high half waits for what follows it.
  std::u16string units;
  units.reserve(visible_length());
  append_units(units);
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

std::vector<IdRange> Sequence::ids_between(std::uint64_t from, std::uint64_t to) const {
  std::vector<IdRange> ranges;
  if (from >= to) return ranges;
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
  return ranges;
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
  std::size_t early = 0;
  for (const Author& author : state.authors) early = std::max(early, author.early.size());
  const std::size_t inserts = 1 + state.waiting.size();
  const std::size_t pieces = 2 * inserts + std::min(2 * units, 2 * early);
  std::size_t bytes = sizeof(Author) * 16 + state.authors.size() * 4 * sizeof(void*);
  for (const Author& author : state.authors) {
    bytes = std::max(bytes, author.content.growth(units) + author.pieces.growth(pieces));
  }
  return bytes + Content().growth(units) + IdIndex().growth(pieces) + state.pool.growth(pieces) +
         state.tree.growth(pieces) + WaitingInserts::growth() + inserts * sizeof(IdRange) * 2 +
         (early + 1) * 64;
}

}  // namespace vuer_rtc
