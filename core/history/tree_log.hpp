// The tree ops above the line, in total order. A late one takes the later ones back, acts, and lets
// them act again (law, section 5: a move that would close a cycle is a no-op at its place).
#pragma once

#include <vector>

#include "graph/graph.hpp"
#include "model/operation.hpp"

namespace vuer_rtc {

enum class Outcome : std::uint8_t { Nothing, Created, Revived, Removed, Moved };

struct TreeEntry {
  Place place;
  OpKind kind = OpKind::Unknown;
  Outcome outcome = Outcome::Nothing;
  bool parent_is_root = false;  // key "." or absent: the root at this place
  bool lists_children = false;  // value.children may take nodes in
  bool made_root = false;
  bool was_deleted = false;
  NodeId node = kNone;
  NodeId parent = kNone;  // as the op gives it
  NodeId old_parent = kNone;
  double old_deleted_at = 0;
  std::vector<NodeId> taken;  // listed children that got this parent
};

class TreeLog {
 public:
  TreeLog(Messages& messages, Graph& graph) : messages_(messages), graph_(graph) {}

  /// Nodes whose existence, life or creation may differ from `place` on.
  struct Change {
    NodeId node;
    Place place;
  };

  /// Whether a tree op is well formed.
  static bool is_valid(const Operation& op);
  /// Reads a tree op; false when it is invalid.
  bool parse(const Operation& op, TreeEntry& out);
  void add(TreeEntry entry);
  void remove(Place place);
  /// Runs everything from this place on again: a message was undone or brought back.
  void replay(Place place);
  /// What add, remove and replay changed since the last call.
  std::vector<Change> take_changes();

  /// The two halves of a replay, for a change of the messages between them.
  std::size_t suspend(Place place);
  void resume(std::size_t index) { run_from(index); }
  bool is_empty() const { return log_.empty(); }
  /// Takes everything back to the line, and again forward: between the two the graph is the
  /// snapshot's.
  void rewind();
  void forward();
  void fold(const std::vector<std::uint8_t>& is_folded);

  std::size_t growth() const {
    return log_.size() == log_.capacity() ? 3 * sizeof(TreeEntry) * (log_.capacity() + 8) : 0;
  }
  void check() const;

 private:
  std::size_t position(Place place) const;
  void run(TreeEntry& entry);
  void create(TreeEntry& entry);
  void take_listed(TreeEntry& entry);
  void take_back(TreeEntry& entry);
  void back_to(std::size_t index);
  void run_from(std::size_t index);
  void note(const TreeEntry& entry, Outcome outcome);
  void end_life(const TreeEntry& entry);
  void begin_life(const TreeEntry& entry, bool alive);

  Messages& messages_;
  Graph& graph_;
  std::vector<TreeEntry> log_;
  std::vector<Change> changes_;
};

}  // namespace vuer_rtc
