// A text in columns: what a snapshot holds of it (docs/snapshots.md). Inserts stand by author and
// number, so that their fields hardly change from one to the next. Chains of units stand in
// document order and say how they hang on what stands before them: no unit is named, none is
// searched for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "text/column.hpp"
#include "text/state.hpp"

namespace vuer_rtc {

inline constexpr int kColumnsVersion = 1;
/// Units without content that one snapshot may claim in columns: they cost no bytes.
inline constexpr std::size_t kMaxDroppedInColumns = 1u << 20;

/// Of inserts, by author and number: how many the author has; numbers left out before it, units;
/// differences of seq and of time. Of chains, in document order: head, the insert it begins in
/// where it does not continue, units.
enum Column { kCounts, kGaps, kLengths, kSeqs, kTimes, kHeads, kBegun, kSizes, kColumnCount };
/// Version, content and authors stand before them.
inline constexpr std::uint32_t kColumnsParts = kColumnCount + 3;

/// Bits of a chain's head; above them: how many chains to step up from the last one.
inline constexpr std::uint64_t kContinues = 1;  ///< the anchor's number and one, by the same author
inline constexpr std::uint64_t kHidden = 2;     ///< deleted or undone for good
inline constexpr std::uint64_t kBack =
    4;  ///< hangs so many units, the next number, before the last one
inline constexpr unsigned kHeadBits = 3;

/// Appends what stands in the tree. `is_shown`: the visible text stands beside it, as the value of
/// its property. `dropped`: units that were left without content so far.
void write_columns(const Sequence& sequence, const Names& agents, bool is_shown,
                   std::size_t& dropped, Bytes& out);

/// Fills an empty sequence. What failed in the middle is to be thrown away.
class ColumnsReader {
 public:
  /// `dropped` as for write_columns.
  ColumnsReader(Names& agents, Sequence& into, std::size_t& dropped)
      : agents_(agents), state_(*into.state_), dropped_(dropped) {}

  /// `shown`: the value of the property, null where that is no text.
  bool read(ByteSpan bytes, const std::string_view* shown);
  bool no_memory() const { return no_memory_; }
  /// Hidden units that have their content: they are covered once.
  std::vector<IdRange> covered() const;
  std::size_t piece_count() const { return piece_count_; }

 private:
  struct Written {  // an insert
    std::uint64_t n, seq;
    double ts;
    std::uint32_t author;  // in the sequence
    std::uint32_t length;
    std::uint32_t placed;  // units that stand already
    Piece* first;          // of the pieces that begin in it, chained by next_free
    Piece* last;
  };
  struct Chain {              // units in a row, each hanging under the one before
    std::size_t first, last;  // pieces
    std::uint32_t end;        // units of the last piece that are on the path
    std::size_t insert;       // of the last unit
  };
  struct Next {  // the chain that is read
    Entry entry{};
    std::uint64_t depth = 1, length = 0;
    std::size_t insert = 0;
    bool continues = false, is_hidden = false;
    const Piece* sibling = nullptr;  // the unit that stands before, of those on the same anchor
    std::uint32_t offset = 0;
    const char16_t* units = nullptr;
  };

  bool has_memory(std::size_t bytes);
  bool read_content(MsgReader& reader, const std::string_view* shown);
  bool read_agents(MsgReader& reader);
  bool next(Column column, std::uint64_t& out) { return columns_[column].next(out); }
  /// As next, for differences: `value` is the one before, and becomes this one.
  bool step(Column column, std::uint64_t& value);
  /// Units that there may be.
  std::uint64_t limit() const { return units_.size() + kMaxDroppedInColumns - dropped_; }
  bool read_inserts();
  bool read_insert(std::uint32_t author, std::uint64_t& end);
  bool read_pieces();
  bool read_anchor(Next& next);
  bool step_back(Chain& chain, Next& next);
  bool read_begin(Next& next);
  bool goes_on(Next& next);
  bool read_units(Next& next);
  bool place(Next& next);
  Piece* add_piece(Written& insert, const Next& next);
  void finish();

  Names& agents_;
  Sequence::State& state_;
  std::size_t& dropped_;
  bool no_memory_ = false;
  std::u16string units_;  // visible ones, or all
  bool has_all_ = false;
  std::size_t taken_ = 0;  // of units_
  std::uint64_t total_ = 0, placed_ = 0;
  ColumnReader columns_[kColumnCount];
  std::uint64_t seq_ = 0, time_ = 0, begin_ = 0;  // the ones before
  std::uint64_t zero_bits_ = 0;                   // at the end of all times
  std::unique_ptr<Written[]> written_;
  std::size_t written_count_ = 0;
  std::unique_ptr<Piece*[]> pieces_;  // in document order
  std::size_t piece_count_ = 0;
  std::unique_ptr<Chain[]> path_;  // from the root to the last unit
  std::size_t path_length_ = 0;
};

}  // namespace vuer_rtc
