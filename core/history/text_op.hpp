// Text ops as they stand in a message: resolved to ids, or in position form (law, section 7).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/operation.hpp"
#include "text/sequence.hpp"

namespace vuer_rtc {

/// A parsed text op. Ids are numbers of the clients' names.
struct TextOp {
  bool is_position = false;
  bool has_insert = false;  ///< there is content to insert
  // position form
  std::int64_t position = 0;
  std::int64_t length = 0;
  // resolved form
  UnitId first;
  UnitId anchor;
  std::uint64_t seq = 0;
  std::optional<double> ts;  ///< absent: the message's
  std::vector<IdRange> removed;
  // both
  std::u16string content;

  void clear();
  IdRange units() const { return {first.agent, first.n, content.size()}; }
};

/// Reads a text op; false when it is invalid. `out` keeps its memory between calls.
bool parse_text_op(const Operation& op, Names& clients, TextOp& out);

/// Turns a position form into ids, read from what is visible now. `typed`: the author's last typed
/// unit, or none; typing straight on anchors to it.
void resolve_position(const Sequence& sequence, NameId client, double ts, UnitId typed, TextOp& op);

/// "<agent>:<n>"
void append_id(const Names& clients, UnitId unit, std::string& out);
bool parse_id(std::string_view text, Names& clients, UnitId& out);

/// Where a text op acts, as it says it. `key` absent when the op speaks of the root.
struct TextOpPlace {
  OpKind kind;
  std::optional<std::string_view> key;
  std::string_view path;
};
/// Appends the resolved op as it travels. It ends with its content, or with its ranges when it only
/// deletes; gives the offset of that in `out`.
std::size_t write_text_op(const TextOpPlace& place, const TextOp& op, const Names& clients,
                          Bytes& out);
/// [id, length]
void write_range(const IdRange& range, const Names& clients, MsgWriter& writer);
/// Makes `range` hold `next` too, when they touch.
bool join_ranges(IdRange& range, const IdRange& next);

}  // namespace vuer_rtc
