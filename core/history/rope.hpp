// One text in a snapshot: in columns, in the plain form (whole inserts and deleted ranges) and in
// the original's tree form.
#pragma once

#include <string>
#include <vector>

#include "history/texts.hpp"
#include "text/sequence.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

struct RopeState {
  bool shown = false;
  bool begun = false;
  const std::vector<IdRange>* removed = nullptr;
};

/// {shown, begun, columns, waiting, rm}: columns hold what stands in the tree (text/columns.hpp).
/// `is_beside`: the property beside shows the text. `dropped`: units without content so far.
void write_column_rope(const Sequence& sequence, const RopeState& state, bool is_beside,
                       std::size_t& dropped, const Names& clients, Bytes& out);
/// {shown, begun, inserts, waiting, rm}; insert = [first id, length, anchor, seq, ts, content or
/// null].
void write_plain_rope(const Sequence& sequence, const RopeState& state, const Names& clients,
                      Bytes& out);
/// {_tree: {root: {ntype, items}}, agentId, clock, maxSeq}; deleted items included.
void write_tree_rope(const Sequence& sequence, const Names& clients, Bytes& out);

/// What a rope of any accepted form says (law section 8, reference API 2.7 and 2.8).
struct Rope {
  struct Item {
    UnitId first;
    UnitId anchor;
    std::uint64_t seq = 0;
    double ts = 0;
    std::u16string content;
    bool undone = false;
  };
  bool shown = false;
  bool begun = true;
  bool knows_shown = false;  // the published forms do not say
  ByteSpan columns;          // not read yet
  std::vector<Item> items;
  std::vector<IdRange> removed;
  bool no_memory = false;
};
/// False when the bytes are no rope, or when there is no memory for it.
bool read_rope(ByteSpan bytes, Names& clients, Rope& out);

}  // namespace vuer_rtc
