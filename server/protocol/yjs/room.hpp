// One Yjs room without sockets, disk or clock (endpoint specification, sections 4, 7, 9 to 12):
// what connections say goes in, what has to be done comes out.
//
// Whatever the room says waits until everything it had heard before is on disk, so nobody sees what
// a crash can take back, and a durable mark needs no rule of its own. Forwards may be told not to.
#pragma once

#include <deque>
#include <string>
#include <variant>

#include "net/application.hpp"
#include "protocol/yjs/awareness.hpp"
#include "protocol/yjs/chunks.hpp"
#include "protocol/yjs/figures.hpp"
#include "protocol/yjs/message.hpp"
#include "protocol/yjs/store.hpp"

namespace vuer_rtc::yjs {

using ConnectionId = std::uint64_t;

struct RoomOptions {
  std::size_t chunk_bytes = 256 * 1024;     ///< a larger first answer is sent in chunks
  std::int64_t client_timeout = 1'800'000;  ///< milliseconds without a message
  bool keep_history = false;                ///< no compaction of deleted content
  bool forward_early = false;               ///< updates reach others before they are on disk
  std::size_t content_bytes = 1u << 30;     ///< what the structs may take in memory
};

/// What a connection may do and wants.
struct Joining {
  Face face = Face::Yjs;
  bool may_write = true;
  bool echo = false;  ///< gets its own updates back
};

struct Send {
  std::vector<ConnectionId> to;
  std::shared_ptr<const Bytes> frame;
  net::Weight weight = net::Weight::Ordered;
};
struct Close {
  ConnectionId connection = 0;
  int code = 0;
  std::string reason;
};
/// A connection says who it is: the JSON object as it came. It may hold a token: not for the log.
struct Identify {
  ConnectionId connection = 0;
  std::string json;
};
/// Entries for the log, and then, if there is one, a snapshot that takes the place of all of it.
struct Write {
  std::vector<Slice> entries;
  std::optional<Slice> snapshot;
};
using Action = std::variant<Send, Close, Identify, Write>;

class Room {
 public:
  explicit Room(const RoomOptions& options) : options_(options) {}

  /// What was stored, snapshot first; an entry that cannot be read goes to `damaged`. None, or why
  /// the snapshot cannot be: the room is of no use then.
  Fault load(Bytes snapshot, std::vector<Bytes> entries, std::vector<Bytes>& damaged);

  void join(ConnectionId connection, Joining joining, std::int64_t now);
  void receive(ConnectionId connection, std::string_view frame, std::int64_t now);
  void refuse_text(ConnectionId connection);
  void set_right(ConnectionId connection, bool may_write);
  /// Everything sent to it has left: the next chunk may follow.
  void drained(ConnectionId connection, std::int64_t now);
  void leave(ConnectionId connection, std::int64_t now);
  /// Timeouts and keepalives; about once a second.
  void tick(std::int64_t now);
  /// The next Write brings a snapshot, unless the log is empty.
  void compact() { wants_snapshot_ = log_rows_ + entries_.size() != 0; }

  /// The last Write is on disk.
  void on_committed();
  /// It is not: everybody is sent away, and the room has to be loaded again.
  void on_commit_failed();
  bool failed() const { return failed_; }

  std::vector<Action> take_actions();
  /// Since the last call.
  RoomFigures take_figures() { return std::exchange(figures_, {}); }

  bool settled() const { return !in_flight_ && entries_.empty() && !wants_snapshot_; }
  std::size_t member_count() const { return members_.size(); }
  std::size_t content_bytes() const { return content_bytes_; }
  std::size_t waiting_bytes() const { return waiting_bytes_; }
  const Store& store() const { return store_; }

 private:
  struct Member {
    Joining joining;
    bool is_bare = false;  // the form of awareness it used last
    bool was_denied = false;
    bool is_closed = false;
    std::int64_t heard_at = 0, sent_at = 0;
    std::optional<std::int64_t> asked_at;  // for what is missing
    std::unique_ptr<Chunks> chunks;
  };
  struct Waiting {
    Action action;
    std::uint64_t behind;  // entries that must be on disk first
  };

  Fault handle(ConnectionId id, Member& member, const Message& message);
  Fault answer_vector(ConnectionId id, Member& member, ByteSpan payload);
  Fault take_update(ConnectionId id, Member& member, ByteSpan payload);
  void forward(ConnectionId from, const Member& member, Slice update,
               std::shared_ptr<const Bytes> frame);
  void take_presence(ConnectionId id, Member& member, const Message& message);
  void relay(ConnectionId from, ByteSpan json);
  void ask_for_missing(ConnectionId id, Member& member);
  void send_chunk(ConnectionId id, Member& member);
  void send_answer(ConnectionId id, Sync kind, ByteSpan update);
  void send_presence(std::span<const Presence> entries);
  void send(ConnectionId to, Bytes frame, net::Weight weight = net::Weight::Ordered);
  void send(std::vector<ConnectionId> to, std::shared_ptr<const Bytes> frame, net::Weight weight);
  void refuse(ConnectionId connection, Fault fault, std::string_view why);
  void close(ConnectionId connection, int code, std::string reason);
  void emit(Action action) { outbox_.push_back({std::move(action), accepted_}); }
  Fault add_stored(const Slice& bytes);
  bool has_room_for(const Update& update) const;
  void consider_compaction();
  Slice take_snapshot();

  RoomOptions options_;
  Store store_;
  Awareness awareness_;
  std::map<ConnectionId, Member> members_;
  std::int64_t now_ = 0;

  std::deque<Waiting> outbox_;
  std::vector<Action> early_;
  std::vector<Slice> entries_;                                // not yet given to the disk
  std::uint64_t accepted_ = 0, writing_ = 0, committed_ = 0;  // entries
  bool in_flight_ = false, wants_snapshot_ = false, failed_ = false;
  std::size_t waiting_bytes_ = 0;             // of entries_
  std::size_t log_rows_ = 0, log_bytes_ = 0;  // since the last snapshot
  std::size_t snapshot_bytes_ = 0;
  std::size_t content_bytes_ = 0;
  RoomFigures figures_;
};

}  // namespace vuer_rtc::yjs
