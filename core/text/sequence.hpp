// The sequence of one text (law, section 7): run-length units in a B-tree, in document order.
//
// The order is the pre-order of the tree of anchors; siblings by seq descending, ts ascending,
// agent (with ':') ascending by code units, number ascending. It depends on the set of inserts
// only, never on their arrival, and holds for every input, also for a seq that is not above its
// anchor's. Agents are numbers of a Names table.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"
#include "base/utf.hpp"
#include "model/names.hpp"

namespace vuer_rtc {

/// The permanent id of one UTF-16 unit. agent kNoName means "none": the root, the start of the
/// text.
struct UnitId {
  NameId agent = kNoName;
  std::uint64_t n = 0;
  bool is_none() const { return agent == kNoName; }
  friend bool operator==(const UnitId& a, const UnitId& b) {
    return a.agent == b.agent && a.n == b.n;
  }
};

/// Units of one agent: [n, n + length).
struct IdRange {
  NameId agent;
  std::uint64_t n;
  std::uint64_t length;
};

/// One insert: units first.n, first.n + 1, ...; the first hangs under `anchor`, each further one
/// under the one before.
struct Insert {
  UnitId first;
  UnitId anchor;
  std::uint64_t seq;
  double ts;
  std::u16string_view content;  ///< never empty
  bool undone = false;          ///< takes part in the order, is not shown
};

/// Neighbours in document order joined as far as they go: one agent, numbers in a row, each
/// anchored on the one before, same seq, ts, `visible` and `undone`. (Section 11 joins over
/// `undone`; the digest does that.)
struct Run {
  UnitId first;
  std::uint64_t length;
  UnitId anchor;
  std::uint64_t seq;
  double ts;
  bool visible;
  bool undone;
  std::u16string_view content;  ///< valid during the call; also of units that are not visible
};

/// A change of the visible text, in visible units: what a mirror replays.
struct Splice {
  std::uint64_t at;
  std::uint64_t removed;
  std::u16string inserted;
};

class Sequence {
 public:
  explicit Sequence(const Names& agents);
  ~Sequence();
  Sequence(Sequence&&) noexcept;
  Sequence& operator=(Sequence&&) noexcept;

  /// True when any id of the range was ever claimed by an insert (placed, waiting or undone).
  bool is_claimed(const IdRange& range) const;
  /// True when the unit stands in the tree.
  bool is_placed(UnitId unit) const;

  /// Claims the ids (the caller has asked is_claimed) and places the insert, or keeps it waiting
  /// while its anchor is unknown. Appends to `placed` the first unit of every insert that took its
  /// place by this call, in the order they did (this one first, then waiting ones that hung on it).
  void insert(const Insert& insert, std::vector<UnitId>* placed = nullptr);

  /// Covers a range of ids by one more deletion, also ids that are not there yet. Ranges may be
  /// huge (2^53 - 1).
  void cover(const IdRange& range);
  /// Takes one cover() of exactly this range back.
  void uncover(const IdRange& range);
  /// Hides or shows the units of one insert (undo and redo of its message), placed or waiting.
  void set_undone(const IdRange& units, bool undone);

  std::uint64_t visible_length() const;
  std::uint64_t unit_count() const;     ///< units in the tree, shown or not
  std::uint64_t waiting_count() const;  ///< inserts whose anchor is unknown
  bool is_empty() const { return unit_count() == 0; }
  void append_text(std::string& utf8) const;       ///< visible text; half a pair shows as U+FFFD
  void append_units(std::u16string& units) const;  ///< visible text as it stands
  char16_t unit_at(std::uint64_t position) const;  ///< visible unit; position < visible_length()
  UnitId id_at(std::uint64_t position) const;      ///< of a visible unit
  /// Visible units that stand before this placed unit, and the unit itself counted when it is
  /// visible.
  std::uint64_t visible_through(UnitId unit) const;
  /// Appends the ids of the visible units in [from, to), in document order, joined where one
  /// agent's numbers go on.
  void append_ids(std::uint64_t from, std::uint64_t to, std::vector<IdRange>& ranges) const;

  std::uint64_t highest_seq() const;              ///< of all inserts, waiting ones too; 0 when none
  std::uint64_t next_number(NameId agent) const;  ///< highest number ever claimed + 1, from 0

  void for_each_run(FunctionRef<void(const Run&)> visit) const;      ///< in document order
  void for_each_waiting(FunctionRef<void(const Run&)> visit) const;  ///< any stable order
  void for_each_covered(
      FunctionRef<void(const IdRange&)> visit) const;  ///< ids covered at least once
  /// Covered ids that are not in the tree.
  void for_each_early(FunctionRef<void(const IdRange&)> visit) const;

  /// From now on the change of the visible text since the last take_splice() is kept, joined into
  /// one splice.
  void watch();
  /// False when the visible text did not change.
  bool take_splice(Splice& out);

  /// Bytes that an insert of this many units may allocate (growth of indexes included), at most.
  std::size_t growth(std::size_t units) const;
  /// Walks everything and asserts the invariants.
  void check() const;

 private:
  friend class ColumnsReader;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vuer_rtc
