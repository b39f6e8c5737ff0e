// The graph as a SceneGraph value in MessagePack: as it stands, or as it stood at the line (for
// snapshots).
#pragma once

#include "base/function_ref.hpp"
#include "history/history.hpp"

namespace vuer_rtc {

enum class GraphState : std::uint8_t {
  Now,
  AtLine
};  ///< AtLine: the tree log is rewound by the caller

class GraphWriter {
 public:
  GraphWriter(History& history, GraphState state, Bytes& out)
      : history_(history), at_line_(state == GraphState::AtLine), writer_(out) {}

  /// False when there is no memory for it.
  bool write();

 private:
  void write_node(NodeId id);
  void write_props(NodeId id, std::uint32_t extra);
  void write_envelope(NodeId id);
  void write_lww(NodeId id);
  bool is_present(const Slot& slot) const;
  SlotLogs::Entry lww(const Slot& slot) const;

  History& history_;
  bool at_line_;
  MsgWriter writer_;
};

/// Appends {key: {path: what `write` appends}} of the texts that `takes` takes. False when there is
/// no memory for it.
bool write_by_node(History& history, FunctionRef<bool(const Slot&)> takes,
                   FunctionRef<void(const Slot&)> write, Bytes& out);

}  // namespace vuer_rtc
