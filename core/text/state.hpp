// All that a Sequence holds: the pieces in document order (tree), by agent and number (authors),
// what waits for its anchor, and what changed since the last splice. Member functions are spread
// over integrate.cpp (placing), visibility.cpp (deletions, undo) and sequence.cpp (the rest).
#pragma once

#include <memory>
#include <vector>

#include "base/function_ref.hpp"
#include "base/index_table.hpp"
#include "text/content.hpp"
#include "text/id_index.hpp"
#include "text/piece_tree.hpp"
#include "text/ranges.hpp"
#include "text/splice.hpp"
#include "text/waiting.hpp"

namespace vuer_rtc {

/// What one agent wrote.
struct Agent {
  explicit Agent(NameId agent) : name(agent) {}
  NameId name;
  IdIndex pieces;
  RangeSet claimed;
  RangeCounts early;  ///< deletions of units that do not stand in the tree (yet)
  Content content;
};

/// A gap in the document: behind the first `offset` units of a piece; without a piece: the start.
struct Gap {
  Cursor at;
  std::uint32_t offset = 0;
  std::uint64_t depth = 1;  ///< of the unit to be put there
};

/// The largest parts, for the bound on what an insert allocates.
struct Sizes {
  std::size_t early = 0;  ///< boundaries of early deletions, of all authors
  std::size_t content_blocks = 0;
  std::size_t index_chunks = 0;
};

bool grow_piece(Piece& piece, const Entry& entry, Content* stamped);

struct Sequence::State {
  explicit State(const Names& agents) : names(&agents) {}

  Agent* find_author(NameId agent) const;
  Agent& author_of(NameId agent);
  void note_sizes(const Agent& author);
  Piece* find(UnitId unit) const;

  // integrate.cpp
  void place_all(const Entry& entry, std::vector<UnitId>* placed);
  void place(const Entry& entry);
  Gap gap_for(const Entry& entry) const;
  bool goes_first(const Piece& piece, std::uint32_t offset, const Entry& entry) const;
  bool extend(Agent& author, Gap gap, const Entry& entry);
  Piece* new_piece(const Entry& entry, std::uint64_t depth);
  void insert_piece(Agent& author, Gap gap, const Entry& entry);
  void settle_early(Agent& author, const IdRange& units);

  // visibility.cpp
  void cut(IdIndex& pieces, IdIndex::Place& place, std::uint32_t offset);
  bool join(IdIndex& pieces, IdIndex::Place& place);
  void show_again(Piece* piece, bool was_visible);
  using Change = void (*)(Piece& piece, std::uint32_t value);
  using Missing = FunctionRef<void(std::uint64_t from, std::uint64_t to)>;
  void change_range(const IdRange& range, Change change, std::uint32_t value,
                    const Missing& missing);
  void note_change(std::uint64_t at, std::uint64_t inserted);

  const Names* names;
  PiecePool pool;
  PieceTree tree;
  std::vector<std::unique_ptr<Agent>> authors;
  IndexTable author_table;
  mutable Agent* last_author = nullptr;
  Content loaded;  // of all authors, out of a snapshot
  WaitingInserts waiting;
  SpliceWindow splice;
  std::uint64_t highest_seq = 0;
  Sizes sizes;
};

}  // namespace vuer_rtc
