// Ids that were used by somebody else: own edits are written again under ids of their own (law,
// section 2).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "history/history.hpp"

namespace vuer_rtc {

/// A message taken out of the document, to be committed again.
struct KeptMessage {
  std::string id;
  double ts;
  Bytes ops;  // one after the other
  std::uint32_t op_count;
  bool has_meta;
};

/// Old unit and message ids with the ones that replace them; rewrites what later ops say of them.
class IdRewriter {
 public:
  IdRewriter(History& history, NameId self) : history_(history), self_(self) {}

  /// Appends the op with today's ids. A text insert takes the next free numbers of the author in
  /// its text.
  void rewrite(ByteSpan op, Bytes& out);
  void rename(std::string from, std::string to) {
    messages_.emplace_back(std::move(from), std::move(to));
  }

 private:
  struct Units {
    SlotId slot;
    std::uint64_t from, to, length;
  };
  void rewrite_text(const Operation& op, Bytes& out);
  void rewrite_meta(const Operation& op, Bytes& out);
  UnitId unit(SlotId slot, UnitId old) const;
  std::vector<IdRange> ranges(SlotId slot, const std::vector<IdRange>& old) const;
  std::uint64_t free_number(SlotId slot) const;

  History& history_;
  NameId self_;
  std::vector<Units> units_;
  std::vector<std::pair<std::string, std::string>> messages_;
};

}  // namespace vuer_rtc
