// One document without an author: the fold of a set of messages. What a server's room or a reader
// holds.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/limits.hpp"
#include "vuer_rtc/message.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

struct Replica;

enum class Received : std::uint8_t {
  Applied,    ///< new: the document holds it now
  Duplicate,  ///< known, nothing changed
  Folded,     ///< at or below the stable line: it is in the snapshot already
  OnTop,      ///< below what a store without a server kept: applied on top, by the lww comparison
};

/// Compact: texts in columns, as servers and stores keep it. Plain: the compact form of the law in
/// full, for JSON. Published: for other clients.
enum class SnapshotForm : std::uint8_t { Compact, Published, Plain };

/// A CRDT document (law, sections 1 to 8 and 11). Not thread-safe. After an error nothing has
/// changed.
class Document {
 public:
  explicit Document(const Limits& limits = {});
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  /// Takes one message (MessagePack map), in any order. BadMessage, IdReused, OutOfMemory and the
  /// limits' codes.
  Result<Received> receive(ByteSpan message);
  /// Takes messages that stand one after the other in `messages`; stops at the first error.
  Result<std::uint32_t> receive_all(ByteSpan messages);
  Result<Received> receive(const Message& message);

  /// Starts over from a snapshot in MessagePack, any form. BadSnapshot.
  Status load(ByteSpan snapshot);
  /// The document folded up to the stable line; messages above it are not in it. MessagePack.
  Result<Bytes> snapshot(SnapshotForm form = SnapshotForm::Compact);
  /// Folds every message with lt <= line away. No message at or below the line may be added later.
  Status raise_line(std::int64_t line);
  /// Gives a message another lt (law, section 8: moved). BadMessage when the id is not here above
  /// the line.
  Status move(std::string_view id, std::uint64_t lt);

  /// What the server's door asks before it accepts: anchors known, jumps and waiting inserts within
  /// limits (BadMessage), unit ids not claimed (IdReused).
  Status admissible(const Message& message);
  /// Turns text positions into ids as the document stands now (law, section 7). True when ops
  /// changed.
  Result<bool> resolve_positions(Message& message);

  // Readers without a Result say that there is no memory by what is no answer otherwise: zeros for
  // a digest, no bytes for the rest. Nothing has changed, and a later call may succeed.

  /// SHA-256 of the whole document (law, section 11).
  Hash digest();
  /// {nodes, rootKey, lww, tombstones} in MessagePack, the shape of the original's SceneGraph.
  Bytes graph();
  /// {key: {path: text}} of texts with a unit, of existing nodes. MessagePack.
  Bytes texts();
  /// The value of one property in MessagePack; empty also when the node or the property is missing.
  Bytes property(std::string_view key, std::string_view path);

  std::int64_t stable() const;
  std::uint64_t lt() const;  ///< highest lt seen
  Clock clock() const;
  std::uint64_t journal_index() const;  ///< messages folded so far
  std::uint32_t node_count() const;
  /// Messages above the line in total order, each in MessagePack, as one array.
  Bytes journal();
  std::uint32_t journal_length() const;

  /// Walks every structure and stops the process on a broken invariant. Slow: for tests, fuzzers,
  /// the simulator.
  void check();

 private:
  friend class Author;
  std::unique_ptr<Replica> replica_;
};

/// A graph value without history (law, section 9): ops act in the order given, sets compare with
/// lww.
class BareGraph {
 public:
  BareGraph();
  BareGraph(BareGraph&&) noexcept;
  BareGraph& operator=(BareGraph&&) noexcept;
  ~BareGraph();

  /// Starts from a SceneGraph value in MessagePack. BadSnapshot.
  Status load(ByteSpan graph);
  /// Applies one message; malformed ops are ignored, ids are not remembered.
  Status apply(ByteSpan message);
  Bytes graph();
  /// What changed since the last call: the records of feed.hpp. Empty while there is no memory for
  /// them (can_take_changes); they stay and come later.
  const Bytes& take_changes();
  bool can_take_changes();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vuer_rtc
