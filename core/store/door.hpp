// What the server's door asks of a message's text ops before it accepts them (law, sections 7 and
// 8).
#pragma once

#include <vector>

#include "history/history.hpp"
#include "vuer_rtc/message.hpp"

namespace vuer_rtc {

class Door {
 public:
  explicit Door(History& history) : history_(history) {}

  /// BadMessage: an anchor that is unknown, a seq or unit number that jumps; IdReused: ids claimed
  /// before.
  Status admits(const Message& message);
  /// Rewrites position forms as ids; true when there were some.
  Result<bool> resolve(Message& message);

 private:
  /// Units that earlier ops of the message insert.
  struct Own {
    NodeId node;
    NameId path;
    IdRange units;
    std::uint64_t seq;
  };
  Status admits_insert(NodeId node, NameId path, const TextOp& op);
  bool is_known(NodeId node, NameId path, UnitId unit) const;
  const Sequence* sequence_of(NodeId node, NameId path);

  History& history_;
  std::vector<Own> own_;
};

}  // namespace vuer_rtc
