// Reading a text in columns: pieces are made in document order, each on the path from the root to
// the one before. The order of siblings is checked, so the tree is the one that its inserts make.
#include <algorithm>
#include <cstring>

#include "base/memory.hpp"
#include "text/columns.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {
namespace {

constexpr std::size_t kPerName = 1024, kPerPiece = 256;
constexpr std::size_t kOwnPiece = 8;  // units of an insert that are worth a piece of their own

}  // namespace

bool ColumnsReader::has_memory(std::size_t bytes) {
  no_memory_ = no_memory_ || !can_allocate(bytes);
  return !no_memory_;
}

bool ColumnsReader::read(ByteSpan bytes, const std::string_view* shown) {
  if (!state_.authors.empty()) return false;
  MsgReader reader(bytes);
  std::uint32_t count = 0;
  double version = 0;
  if (!reader.read_array(count) || count != kColumnsParts) return false;
  if (!reader.read_number(version) || version != kColumnsVersion) return false;
  if (!read_content(reader, shown) || !read_agents(reader)) return false;
  for (ColumnReader& column : columns_) {
    if (!reader.read_binary(bytes)) return false;
    column = ColumnReader(bytes);
  }
  if (!read_inserts() || !read_pieces()) return false;
  for (const ColumnReader& column : columns_) {
    if (!column.at_end()) return false;
  }
  finish();
  return true;
}

bool ColumnsReader::step(Column column, std::uint64_t& value) {
  std::uint64_t folded = 0;
  if (!next(column, folded)) return false;
  value += unfold_sign(folded);
  return true;
}

bool ColumnsReader::read_content(MsgReader& reader, const std::string_view* shown) {
  std::string_view text;
  ByteSpan pairs;
  if (reader.peek() == MsgType::Binary) {
    if (!reader.read_binary(pairs) || !has_memory(2 * pairs.size())) return false;
    units_.resize(pairs.size() / 2);
    std::memcpy(units_.data(), pairs.data(), 2 * units_.size());
    return true;
  }
  if (reader.peek() == MsgType::Nil) {
    if (!shown || !reader.read_nil()) return false;
    text = *shown;
  } else if (!reader.read_string(text) || !is_clean_utf8(text)) {
    return false;
  }
  if (!has_memory(4 * text.size())) return false;
  append_utf16(text, units_);
  return true;
}

bool ColumnsReader::read_agents(MsgReader& reader) {
  std::uint32_t count = 0;
  if (!reader.read_array(count)) return false;
  while (count-- > 0) {
    std::string_view name;
    if (!reader.read_string(name) || name.empty() || !is_clean_utf8(name)) return false;
    if (!has_memory(kPerName + agents_.growth(name.size()))) return false;
    const NameId agent = agents_.intern(name);
    if (state_.find_author(agent)) return false;
    state_.author_of(agent);
  }
  return true;
}

// ---- inserts

bool ColumnsReader::read_inserts() {
  ColumnReader counts = columns_[kCounts];
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < state_.authors.size(); ++i) {
    std::uint64_t count = 0;
    if (!counts.next(count) || count > limit() - all) return false;
    all += count;
  }
  if (!has_memory(all * (sizeof(Written) + RangeSet::growth()))) return false;
  written_ = std::make_unique<Written[]>(all);
  if (!next(kTimes, zero_bits_) || zero_bits_ > 63) return false;
  for (std::uint32_t author = 0; author < state_.authors.size(); ++author) {
    std::uint64_t count = 0, end = 0;
    if (!next(kCounts, count)) return false;
    for (; count > 0; --count) {
      if (!read_insert(author, end)) return false;
    }
  }
  return true;
}

bool ColumnsReader::read_insert(std::uint32_t author, std::uint64_t& end) {
  std::uint64_t gap = 0, length = 0;
  if (!next(kGaps, gap) || !next(kLengths, length) || !step(kSeqs, seq_) || !step(kTimes, time_))
    return false;
  if (gap > kMaxInteger || length == 0 || seq_ > kMaxInteger || length > limit() - total_ ||
      end + gap + length - 1 > kMaxInteger)
    return false;
  Written& insert = written_[written_count_++];
  const std::uint64_t bits = time_ << zero_bits_;
  std::memcpy(&insert.ts, &bits, 8);
  if (!(insert.ts - insert.ts == 0)) return false;
  insert.ts += 0.0;  // there is no -0
  total_ += length;
  insert.n = end + gap;
  insert.seq = seq_;
  insert.author = author;
  insert.length = static_cast<std::uint32_t>(length);
  end = insert.n + length;
  state_.authors[author]->claimed.add(insert.n, end);
  state_.highest_seq = std::max(state_.highest_seq, seq_);
  return true;
}

// ---- pieces

bool ColumnsReader::read_pieces() {
  has_all_ = units_.size() == total_;
  ColumnReader sizes = columns_[kSizes];
  std::uint64_t chains = 0;
  for (std::uint64_t size; sizes.next(size); ++chains) {
    if (chains == total_) return false;
  }
  const std::size_t pieces = chains + written_count_;
  if (!has_memory(chains * sizeof(Chain) + pieces * sizeof(Piece*))) return false;
  path_ = std::make_unique<Chain[]>(chains);
  pieces_ = std::make_unique<Piece*[]>(pieces);
  for (; chains > 0; --chains) {
    Next next;
    if (!read_anchor(next) || !read_begin(next) || !read_units(next) || !place(next)) return false;
  }
  if (placed_ != total_ || taken_ != units_.size()) return false;
  if (!has_all_) dropped_ += static_cast<std::size_t>(total_) - units_.size();
  return true;
}

/// Steps up to the unit that the chain hangs on. Of what hangs there already, the last one is on
/// the path.
bool ColumnsReader::read_anchor(Next& next) {
  std::uint64_t head = 0;
  if (!this->next(kHeads, head)) return false;
  next.continues = (head & kContinues) != 0;
  next.is_hidden = (head & kHidden) != 0;
  const std::uint64_t up = head >> kHeadBits;
  if (up > path_length_) return false;
  path_length_ -= up;
  if (up > 0) next.sibling = pieces_[path_[path_length_].first];
  if (path_length_ == 0) return (head & (kContinues | kBack)) == 0;
  Chain& parent = path_[path_length_ - 1];
  if ((head & kBack) != 0 && !step_back(parent, next)) return false;
  const Piece& piece = *pieces_[parent.last];
  next.entry.anchor = piece.unit(parent.end - 1);
  next.depth = piece.depth + parent.end;
  return true;
}

bool ColumnsReader::step_back(Chain& chain, Next& next) {
  std::uint64_t back = 0;
  if (!this->next(kHeads, back) || back == 0) return false;
  while (back >= chain.end) {
    if (chain.last == chain.first) return false;
    back -= chain.end;
    chain.end = pieces_[--chain.last]->length;
  }
  chain.end -= static_cast<std::uint32_t>(back);
  const bool is_inside = chain.end < pieces_[chain.last]->length;
  next.sibling = pieces_[is_inside ? chain.last : chain.last + 1];
  next.offset = is_inside ? chain.end : 0;
  const std::uint64_t n = pieces_[chain.last]->n + chain.end - 1;
  while (written_[chain.insert].n > n) --chain.insert;
  return true;
}

/// The insert that the chain begins in, and whether it may stand behind its sibling.
bool ColumnsReader::read_begin(Next& next) {
  if (!next.continues) {
    if (!step(kBegun, begin_) || begin_ >= written_count_) return false;
    next.insert = begin_;
    const Written& insert = written_[next.insert];
    next.entry.first = {state_.authors[insert.author]->name, insert.n};
  } else {
    const Written& insert = written_[next.insert = path_[path_length_ - 1].insert];
    next.entry.first = {next.entry.anchor.agent, next.entry.anchor.n + 1};
    if (next.entry.first.n == insert.n + insert.length) ++next.insert;
  }
  if (!goes_on(next)) return false;
  return !next.sibling || state_.goes_first(*next.sibling, next.offset, next.entry);
}

/// Is the entry's first unit the next one to come of its insert? Then the entry is of that insert.
bool ColumnsReader::goes_on(Next& next) {
  if (next.insert >= written_count_) return false;
  const Written& insert = written_[next.insert];
  next.entry.seq = insert.seq;
  next.entry.ts = insert.ts;
  return insert.placed < insert.length && next.entry.first.n == insert.n + insert.placed &&
         next.entry.first.agent == state_.authors[insert.author]->name;
}

/// The units of a chain lie in a row, so that it can be few pieces.
bool ColumnsReader::read_units(Next& next) {
  if (!this->next(kSizes, next.length) || next.length == 0 || next.length > total_ - placed_)
    return false;
  const auto length = static_cast<std::size_t>(next.length);
  const bool is_dropped = next.is_hidden && !has_all_;
  if (!is_dropped && length > units_.size() - taken_) return false;
  const std::size_t stamps = length * sizeof(Stamp);
  const bool fits = state_.loaded.room() >= length;
  if (!fits && !has_memory(Content::growth(length, state_.loaded.block_count()) + stamps))
    return false;
  char16_t* units = state_.loaded.grow(length);
  if (is_dropped) {
    std::fill_n(units, length, u'\ufffd');
  } else {
    std::copy_n(units_.data() + taken_, length, units);
  }
  next.units = units;
  taken_ += is_dropped ? 0 : length;
  placed_ += length;
  next.entry.undone = is_dropped;
  return true;
}

/// One piece for each insert, or for units that were typed one by one.
bool ColumnsReader::place(Next& next) {
  Entry& entry = next.entry;
  Piece* piece = nullptr;
  Chain& chain = path_[path_length_++];
  chain.first = piece_count_;
  for (std::uint64_t left = next.length; left > 0;) {
    if (!goes_on(next)) return false;
    Written& insert = written_[next.insert];
    const std::uint64_t count = std::min<std::uint64_t>(left, insert.length - insert.placed);
    entry.content = {next.units, static_cast<std::size_t>(count)};
    Content* stamped = count < kOwnPiece ? &state_.loaded : nullptr;
    if (!piece || !grow_piece(*piece, entry, stamped)) {
      piece = add_piece(insert, next);
      if (!piece) return false;
    }
    insert.placed += static_cast<std::uint32_t>(count);
    next.units += count;
    next.depth += count;
    left -= count;
    chain.insert = next.insert++;
    entry.first.n += count;
    entry.anchor = {entry.first.agent, entry.first.n - 1};
  }
  chain.last = piece_count_ - 1;
  chain.end = piece->length;
  return true;
}

Piece* ColumnsReader::add_piece(Written& insert, const Next& next) {
  if (!has_memory(kPerPiece + state_.pool.growth(1))) return nullptr;
  Piece* piece = state_.new_piece(next.entry, next.depth);
  piece->covers = next.is_hidden && has_all_;
  piece->next_free = nullptr;
  (insert.first ? insert.last->next_free : insert.first) = piece;
  insert.last = piece;
  pieces_[piece_count_++] = piece;
  return piece;
}

std::vector<IdRange> ColumnsReader::covered() const {
  std::vector<IdRange> ranges;
  for (std::size_t i = 0; i < piece_count_; ++i) {
    const Piece& piece = *pieces_[i];
    if (piece.covers > 0) ranges.push_back({piece.agent, piece.n, piece.length});
  }
  return ranges;
}

/// Inserts stand by number, and so do the pieces that begin in one: none has to be sorted.
void ColumnsReader::finish() {
  for (std::size_t i = 0; i < written_count_; ++i) {
    for (Piece* piece = written_[i].first; piece; piece = piece->next_free)
      state_.authors[written_[i].author]->pieces.insert(piece);
  }
  for (const auto& author : state_.authors) state_.note_sizes(*author);
  for (std::size_t i = 0; i < piece_count_; ++i)
    state_.tree.insert_after(state_.tree.last(), pieces_[i]);
  if (state_.splice.is_watched()) state_.note_change(0, state_.tree.visible_count());
}

}  // namespace vuer_rtc
