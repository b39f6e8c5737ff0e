// One room without sockets, disk or clock: what connections say goes in, what has to be done comes
// out.
//
// Whoever drives it (the server, a test, a simulator) calls join, receive, leave and tick with the
// time, and then take_actions(), obeying the actions in order. A Commit among them asks for data on
// disk; until on_committed() comes the room gathers what connections say and answers nothing but
// heartbeats and presence. So every ack, broadcast, state, digest and status speaks of what is on
// disk, and all that arrives during one commit is the next batch. room/instant.hpp is the smallest
// driver: its disk commits at once.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "room/action.hpp"
#include "room/answer.hpp"
#include "room/door.hpp"
#include "room/frame.hpp"
#include "room/journal.hpp"
#include "room/members.hpp"
#include "room/presence.hpp"
#include "vuer_rtc/document.hpp"

namespace vuer_rtc::server {

/// Milliseconds. `steady` never jumps and decides every timeout; `wall` is only written down and
/// shown.
struct Now {
  std::int64_t steady = 0;
  std::int64_t wall = 0;
  std::int64_t nanos = 0;  ///< the steady clock finer, for figures only
};

struct RoomOptions {
  Limits limits;
  int max_depth = kMaxDepth;      ///< containers inside containers of one value; at most kMaxDepth
  std::size_t max_members = 100;  ///< 0: no limit
  std::int64_t compact_interval = 300'000;  ///< milliseconds
  std::size_t compact_min_operations = 1000;
  std::size_t journal_keep = 100;
  bool relaxed = false;  ///< acks and broadcasts do not wait for the commit
  std::size_t batch_messages = 250;
  std::size_t batch_bytes = 1 << 20;  ///< a batch is closed when it holds so much
  /// Hears of each frame (Frame::index(), or kFrameNames.size() when it was not looked at) and the
  /// error it got.
  std::function<void(std::size_t, std::optional<ErrorCode>)> on_result;
};

/// Why a frame is not taken; `id` is its message's, when it holds one.
struct Refusal {
  Refusal(Error why) : error(std::move(why)) {}
  Refusal(Error why, std::string_view of, std::int64_t retry)
      : error(std::move(why)), id(of), retry_after(retry) {}
  Error error;
  std::string id;
  std::int64_t retry_after = kRetryAfterMs;
};

class Room {
 public:
  /// Builds a room from its log. `epoch` names the data of a room that was never stored;
  /// the caller makes it up (random, unique). BadSnapshot, BadMessage: the stored data is damaged
  /// and the room must stay unavailable.
  static Result<std::unique_ptr<Room>> load(LogContent stored, std::string epoch,
                                            const RoomOptions& options);

  /// A connection enters; `state` is its first frame. The same client elsewhere is closed with
  /// 4010.
  void join(ConnectionId connection, Join join);
  void receive(ConnectionId connection, Encoding encoding, Frame frame, Now now);
  /// A frame that is not looked at further: the connection gets `error` and stays.
  void refuse(ConnectionId connection, Encoding encoding, Refusal refusal);
  /// The connection is gone. What it said before still counts.
  void leave(ConnectionId connection);
  /// Timeouts, presence, own heartbeats, compaction. Call about every 33 ms while has_presence(),
  /// else every second.
  void tick(Now now);

  /// A message of the server itself, in MessagePack: a whole one in its own name, or a map with
  /// `ops` alone that gets the rest here. `done` hears its ack when it is on disk, or why not.
  using Written = std::function<void(Result<AcceptedMessage>)>;
  void write(Bytes message, Written done);
  /// Clears all data: new epoch, `room-reset`, `state` to everyone.
  void clear(std::string epoch);
  /// Raises the line as far as `journal_keep` allows, now.
  void compact();
  /// Calls `question` when the document is exactly what is on disk, or with null when the room
  /// failed.
  void ask(std::function<void(Room*)> question);

  /// What the log holds of the ids of the last Recall. An error: the room must be loaded anew.
  void on_recalled(const Result<std::vector<LogRow>>& rows);
  /// The write of the last Commit is on disk.
  void on_committed(Now now);
  /// It is not, or nobody knows: every connection is closed with 1013 and the room must be loaded
  /// anew.
  void on_commit_failed();
  bool failed() const { return failed_; }

  /// What has to be done since the last call, in order. Closes a batch when no commit is under way.
  std::vector<Action> take_actions(Now now);

  /// While the disk takes nothing, messages get the error `storage`; everything else goes on.
  void refuse_writes(bool refused) { writes_refused_ = refused; }

  /// While held, what connections say only gathers: their readers have to catch up first.
  void hold(bool held) { held_ = held; }

  /// Nothing waits and no commit is under way.
  bool settled() const { return inbox_.empty() && !in_flight_; }
  bool has_presence() const { return presence_.has_changes(); }
  std::size_t member_count() const { return members_.size(); }
  std::size_t waiting_bytes() const { return inbox_bytes_; }
  std::size_t journal_length() const { return journal_.size(); }

  /// Reads: meaningful inside a question (ask), or while settled().
  Result<Hash> digest();
  Result<Bytes> graph();
  Result<Bytes> snapshot(SnapshotForm form) { return document_.snapshot(form); }
  const Journal& journal() const { return journal_; }
  const Members& members() const { return members_; }
  const Presence& presence() const { return presence_; }
  std::uint64_t folded_seq() const { return folded_seq_; }
  const Document& document() const { return document_; }
  Document& document() { return document_; }
  const std::string& epoch() const { return epoch_; }
  std::uint64_t server_seq() const { return server_seq_; }
  std::int64_t stable() const { return document_.stable(); }
  std::uint64_t committed_seq() const { return committed_seq_; }

 private:
  struct JoinItem {
    ConnectionId connection;
    Join join;
  };
  struct FrameItem {
    ConnectionId connection;
    Encoding encoding;
    Frame frame;
    Now now;
  };
  struct RefuseItem {
    ConnectionId connection;
    Encoding encoding;
    Refusal refusal;
  };
  struct Question {
    std::function<void(Room*)> ask;
  };
  struct LeaveItem {
    ConnectionId connection;
  };
  struct ClearItem {
    std::string epoch;
  };
  struct CompactItem {};
  struct WriteItem {
    Bytes message;
    Written done;
  };
  using Item = std::variant<JoinItem, FrameItem, RefuseItem, LeaveItem, Question, ClearItem,
                            CompactItem, WriteItem>;
  struct Answer {
    bool resumed;
    std::string_view reason;
  };

  Room(std::string epoch, const RoomOptions& options);
  Status restore(LogContent stored);

  void push(Item item);
  static std::size_t bytes_of(const Item& item);
  void process(Now now);
  static bool needs_committed(const Item& item);
  std::vector<std::string> unknown_ids(const Item& item) const;
  bool may_go_on() const { return !in_flight_ && !failed_ && !held_ && recalling_.empty(); }
  void recall();
  void handle(JoinItem& item, Now now);
  void handle(FrameItem& item, Now now);
  void handle(RefuseItem& item, Now now);
  void handle(LeaveItem& item, Now now);
  void handle(Question& item, Now now);
  void handle(ClearItem& item, Now now);
  void handle(CompactItem& item, Now now);
  void handle(WriteItem& item, Now now);

  void on(Member& member, CrdtFrame& frame, Now now);
  void on(Member& member, HeartbeatFrame& frame, Now now);
  void on(Member& member, SyncFrame& frame, Now now);
  void on(Member& member, SyncCheckFrame& frame, Now now);
  void on(Member& member, PresenceFrame& frame, Now now);
  void on(Member& member, OfferFrame& frame, Now now);
  void on(Member& member, AuthFrame& frame, Now now);
  void on(Member& member, HistoryFrame& frame, Now now);

  /// What became of a message: `bytes` is null when it was a repeat.
  struct Acceptance {
    AcceptedMessage entry;
    std::shared_ptr<const Bytes> bytes;
    bool moved = false;
    bool changed = false;
  };
  Result<Message> read(ByteSpan bytes) const;
  Status accept(Member& member, Message message, Now now);
  Result<Acceptance> take_in(Message message, const Hash& content, Now now);
  void add_to_batch(const Message& message, const Bytes& bytes, const AcceptedMessage& entry,
                    Now now);
  static Status may_say(const Member& member, const Message& message);
  Bytes completed(Bytes message, Now now) const;
  Result<Acceptance> write_now(Bytes bytes, Now now);
  void publish(const Member* author, const Acceptance& accepted, Now now);
  void close_batch(Now now);
  void let_go();
  void commit(LogWrite write);
  void emit(Action action) { (to_after_ ? after_ : now_).push_back(std::move(action)); }
  void send(const Member& member, SharedFrame frame, Delivery delivery = Delivery::Answer);
  void send_ack(const Member& member, const AcceptedMessage& entry, ByteSpan changed, Now arrived);
  void send_error(const Member& member, std::string_view id, const Error& error,
                  const std::string& author);
  void send_error(const Member& member, std::string_view id, const Error& error) {
    send_error(member, id, error, member.client);
  }
  void send_state(Member& member, Answer answer, std::uint64_t since, Now now);
  void send_presence(Now now);
  void send_line(Now now);
  void remind_quiet_members(Now now);
  void consider_compaction(Now now);
  Answer answer_to(const std::optional<Resume>& resume) const;
  bool lacks_folded(const Clock& clock) const;
  void learn_folded(const JournalEntry& entry);
  ByteSpan cached_snapshot(SnapshotForm form);

  RoomOptions options_;
  Document document_;
  Door door_;
  Journal journal_;
  Members members_;
  Presence presence_;

  std::string epoch_;
  std::vector<std::string> cleared_;
  std::uint64_t server_seq_ = 0;     // highest given
  std::uint64_t folded_seq_ = 0;     // highest folded
  std::uint64_t committed_seq_ = 0;  // highest on disk
  std::int64_t committed_stable_ = kNoLine;
  std::map<std::string, std::uint64_t>
      folded_clock_;                         // the highest number per author in the snapshot
  std::map<SnapshotForm, Bytes> snapshots_;  // as the line stands; built when asked for

  std::deque<Item> inbox_;
  std::size_t inbox_bytes_ = 0;
  LogAppend batch_;
  std::size_t batch_bytes_ = 0;
  bool in_flight_ = false;
  std::vector<std::string> recalling_;  // a Recall of these is under way
  bool held_ = false;
  bool writes_refused_ = false;
  bool failed_ = false;
  std::vector<Action> now_;                                   // to be done at the next take_actions
  std::vector<Action> after_;                                 // to be done after the commit
  std::vector<std::pair<Written, AcceptedMessage>> written_;  // who is told after the commit
  std::optional<ErrorCode> fault_;                            // of the frame at hand
  bool to_after_ = false;                                     // where send() puts things
  std::int64_t compaction_due_ = -1;
};

}  // namespace vuer_rtc::server
