// An author's replica: a document with pending edits on top, unacknowledged messages, undo and
// redo.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vuer_rtc/document.hpp"

namespace vuer_rtc {

class Author;

/// A store (law, sections 2, 3, 8 and 10). Time and names come in as arguments. Not thread-safe.
/// Messages handed out are MessagePack maps, ready to be sent. After an error nothing has changed.
class Store {
 public:
  explicit Store(std::string_view client, const Limits& limits = {});
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// Puts one op (MessagePack map) on top of the document. `now` in milliseconds.
  /// BadOperation on a malformed op and what JSON cannot hold; the limits' codes.
  Status edit(ByteSpan op, double now);
  /// Makes one message of the pending edits; empty when there are none. Valid until the next call.
  Result<ByteSpan> commit(double now);
  /// Drops the pending edits. OutOfMemory: all stay, for what acts again without them needs some.
  Status cancel();
  /// The pending ops as they will travel, as one MessagePack array. Empty: no memory for it.
  Bytes pending();
  std::uint32_t pending_count() const;

  /// Takes a message of somebody else, or the server's copy of an own one (which counts as its
  /// ack).
  Result<Received> receive(ByteSpan message);
  /// Takes messages that stand one after the other; stops at the first error. Returns how many were
  /// taken.
  Result<std::uint32_t> receive_all(ByteSpan messages);
  /// The server's answer for an own message; unknown ids are ignored. lt 0 with server_seq 0: place
  /// unchanged.
  Status ack(std::string_view id, std::uint64_t lt, std::uint64_t server_seq, std::int64_t stable);
  /// The line that came with server_seq (heartbeat); used once every message up to there is here.
  /// Without memory it is forgotten: the next one says more.
  void learn(std::uint64_t server_seq, std::int64_t stable);
  /// A message the server refused for good: it and own later ones that build on it leave the
  /// document and the unacknowledged list. Gives them, one after the other.
  Result<Bytes> reject(std::string_view id);
  /// `id_reused`: commits the message and all later unacknowledged ones again, under new ids and
  /// from `next_number` on (0: as counted here), with what later ones say of their text and
  /// messages rewritten. The messages to send.
  Result<ByteSpan> recommit(std::string_view id, std::uint64_t next_number);

  /// Commits what is pending, then undoes the newest own message. The messages to send, 0 to 2, one
  /// after the other.
  Result<ByteSpan> undo(double now);
  Result<ByteSpan> redo(double now);
  bool can_undo() const;
  bool can_redo() const;

  /// Folds the history up to the line the server gave; own unacknowledged messages stay.
  Status compact();
  /// A `state` answer: snapshot (empty: none), journal (array of messages), the line and how far it
  /// reaches. Accepted messages are replaced, own unacknowledged ones stay and are lifted above the
  /// line.
  Status load(ByteSpan snapshot, ByteSpan journal, std::uint64_t server_seq, std::int64_t stable);

  /// Own messages the server has not acknowledged, in order, one after the other. Empty while
  /// unacked_count() is not 0: no memory for it.
  Bytes unacked();
  std::uint32_t unacked_count() const;

  /// What changed since the last call, as the records of feed.hpp. Valid until the next call.
  /// Empty while there is no memory for them (can_take_changes); they stay and come later.
  const Bytes& take_changes();
  bool can_take_changes();
  /// The whole visible document as records, for a mirror that starts.
  const Bytes& all_changes();

  Document& document();  ///< committed state: pending edits are not in digest and snapshot
  Hash digest();
  std::string_view client() const;
  std::uint64_t lt() const;
  Clock clock() const;
  /// Snapshot, journal, unacknowledged ids, numbers: everything a reload needs. MessagePack.
  Result<Bytes> export_bytes();
  static Result<Store> import_bytes(ByteSpan bytes, const Limits& limits = {});

  void check();

 private:
  std::unique_ptr<Author> author_;
};

}  // namespace vuer_rtc
