#include "protocol/room_host.hpp"

#include <algorithm>

#include "log.hpp"
#include "metrics/metrics.hpp"
#include "protocol/frame_reader.hpp"
#include "protocol/outgoing.hpp"
#include "room/answer.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::int64_t kMostPatience = 1000;    // milliseconds a room waits for slow readers
constexpr std::int64_t kProbeInterval = 500;    // milliseconds between tries of a store that fails
constexpr std::int64_t kExpiryInterval = 1000;  // milliseconds between looks at ended tokens

std::string retry_reason() { return "retryAfter=" + std::to_string(kRetryAfterMs); }

Result<Frame> decode(std::string_view bytes, Encoding encoding) {
  if (encoding == Encoding::Json) return read_json_frame(bytes);
  return read_frame({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace

RoomHost::RoomHost(StoreQueue& store, const HostOptions& options, HostServices services)
    : store_(store),
      options_(options),
      services_(std::move(services)),
      rooms_({options.max_rooms, [this] { return services_.clock().steady; }, services_.post,
              [this](const Shared& hosted) { load(hosted); },
              [this](const Shared& hosted) { turn(hosted); },
              [](const Hosted&, std::string_view) {}}) {
  options_.room.on_result = [](std::size_t frame, std::optional<ErrorCode> error) {
    metrics.count_frame(frame, error);
  };
}

RoomHost::~RoomHost() = default;

ConnectionId RoomHost::connect(const std::string& name, Join join, std::int64_t ends,
                               net::Peer& peer) {
  const ConnectionId connection = ++last_connection_;
  const Shared hosted = shutting_down_ ? nullptr : rooms_.open(name);
  connections_[connection] = {&peer, hosted, join.client, ends};
  if (hosted) hosted->connections.insert(connection);
  if (shutting_down_) {
    peer.close(CloseCode::kRestart, retry_reason());
  } else if (!hosted) {
    peer.close(CloseCode::kRoomFull, "too many rooms");
  } else {
    rooms_.when_ready(hosted, [this, connection, join = std::move(join)](Room* room) {
      const auto at = connections_.find(connection);
      if (at == connections_.end()) return;
      if (room != nullptr) {
        room->join(connection, join);
      } else {
        at->second.peer->close(CloseCode::kTryLater, retry_reason());
      }
    });
  }
  return connection;
}

bool RoomHost::frame(ConnectionId connection, std::string_view bytes, bool text) {
  const auto at = connections_.find(connection);
  if (at == connections_.end() || shutting_down_ || !at->second.room) return false;
  const Shared hosted = at->second.room;
  const Encoding encoding = text ? Encoding::Json : Encoding::MessagePack;
  Result<Frame> frame = decode(bytes, encoding);
  const Now now = services_.clock();
  if (auto* auth = frame ? std::get_if<AuthFrame>(&*frame) : nullptr) {
    if (!renew(at->second, *auth)) return false;
  }
  rooms_.when_ready(hosted, [=, frame = std::move(frame)](Room* room) mutable {
    if (room == nullptr) return;
    if (frame) {
      room->receive(connection, encoding, std::move(*frame), now);
    } else {
      room->refuse(connection, encoding, frame.error());
    }
  });
  return !pause_when_full(hosted, connection);
}

void RoomHost::refuse(ConnectionId connection, std::string_view bytes, bool text,
                      std::int64_t retry_after) {
  const auto at = connections_.find(connection);
  if (at == connections_.end() || shutting_down_ || !at->second.room) return;
  const Encoding encoding = text ? Encoding::Json : Encoding::MessagePack;
  const Result<Frame> frame = decode(bytes, encoding);
  const auto* crdt = frame ? std::get_if<CrdtFrame>(&*frame) : nullptr;
  const Refusal refusal(make_error(ErrorCode::RateLimited),
                        crdt == nullptr ? std::string_view{} : readable_id(crdt->message),
                        retry_after);
  rooms_.when_ready(at->second.room, [connection, encoding, refusal](Room* room) {
    if (room != nullptr) room->refuse(connection, encoding, refusal);
  });
}

bool RoomHost::pause_when_full(const Shared& hosted, ConnectionId connection) {
  const bool pause = !hosted->room || hosted->room->waiting_bytes() > options_.waiting_bytes;
  if (pause) hosted->paused.push_back(connection);
  return pause;
}

/// A token that does not fit ends the connection as one that has expired does.
bool RoomHost::renew(Connection& connection, AuthFrame& frame) {
  const std::string& room = connection.room->name;
  const Result<Grant> grant = services_.check_token(frame.token, services_.clock().wall);
  frame.token.clear();
  const Result<Right> right = grant ? grant->enter(room, connection.client) : grant.error();
  if (!right) {
    log(LogLevel::Info, "token_refused", {{"room", room}, {"error", right.error().text}});
    connection.peer->close(CloseCode::kForbidden, right.error().text);
    return false;
  }
  frame.right = *right;
  connection.ends = grant->ends();
  return true;
}

void RoomHost::close_expired(Now now) {
  if (now.steady < expiry_due_) return;
  expiry_due_ = now.steady + kExpiryInterval;
  for (auto& [id, connection] : connections_) {
    if (now.wall < connection.ends) continue;
    connection.ends = kNever;
    connection.peer->close(CloseCode::kForbidden, "token: expired");
  }
}

void RoomHost::gone(ConnectionId connection) {
  const auto at = connections_.find(connection);
  if (at == connections_.end()) return;
  const Shared hosted = at->second.room;
  connections_.erase(at);
  if (hosted) hosted->connections.erase(connection);
  if (!hosted || hosted->is_unavailable) return;
  rooms_.when_ready(hosted, [connection](Room* room) {
    if (room != nullptr) room->leave(connection);
  });
}

void RoomHost::load(const Shared& hosted) {
  store_.load(room_log(hosted->name), [this, hosted](Result<LogContent> stored) {
    Result<std::unique_ptr<Room>> room = read(std::move(stored));
    if (!room)
      log(LogLevel::Error, "room_unavailable",
          {{"room", hosted->name}, {"error", room.error().text}});
    rooms_.loaded(hosted, room ? std::move(*room) : nullptr);
    resume_readers(*hosted, connections_, options_.waiting_bytes);
    finish_shutdown();
  });
}

Result<std::unique_ptr<Room>> RoomHost::read(Result<LogContent> stored) const {
  if (!stored) return stored.error();
  return Room::load(std::move(*stored), services_.new_epoch(), options_.room);
}

void RoomHost::turn(const Shared& hosted) {
  if (!hosted->room) return;
  hold_or_go_on(*hosted);
  hosted->room->refuse_writes(storage_fails_);
  for (auto actions = step(*hosted->room); !actions.empty(); actions = step(*hosted->room))
    for (Action& action : actions) std::visit([&](auto& one) { perform(hosted, one); }, action);
  if (hosted->room->member_count() != 0) hosted->since = services_.clock().steady;
  if (hosted->room->has_presence()) services_.tick_soon();
  resume_readers(*hosted, connections_, options_.waiting_bytes);
  if (hosted->room->failed()) {
    hosted->room.reset();
    hosted->is_unavailable = true;
    rooms_.unload(hosted, "");
  }
  finish_shutdown();
}

std::vector<Action> RoomHost::step(Room& room) {
  const Now now = services_.clock();
  std::vector<Action> actions = room.take_actions(now);
  if (!actions.empty()) metrics.apply.observe(services_.clock().nanos - now.nanos);
  return actions;
}

void RoomHost::perform(const Shared&, Send& send) {
  if (send.arrived != 0) metrics.ack.observe(services_.clock().nanos - send.arrived);
  for (const Recipient& to : send.to) {
    const auto at = connections_.find(to.connection);
    if (at != connections_.end())
      at->second.peer->send(outgoing(send.frame, to.encoding, send.delivery));
  }
}

void RoomHost::perform(const Shared&, Close& close) {
  const auto at = connections_.find(close.connection);
  if (at != connections_.end()) at->second.peer->close(close.code, close.reason);
}

void RoomHost::perform(const Shared& hosted, Commit& commit) {
  hosted->commit_began = services_.clock().nanos;
  if (const auto* snapshot = std::get_if<LogSnapshot>(&commit.write)) {
    metrics.snapshots.add();
    metrics.snapshot_bytes.add(static_cast<double>(snapshot->snapshot.size()));
  }
  store_.commit({room_log(hosted->name), std::move(commit.write)},
                [this, hosted](const Status& status) { committed(hosted, status); });
}

void RoomHost::perform(const Shared& hosted, Recall& recall) {
  using Rows = Result<std::vector<LogRow>>;
  const auto look = [log = room_log(hosted->name), ids = std::move(recall.ids)](LogStore& store) {
    return store.find_ids(log, ids);
  };
  store_.ask<Rows>(look, [this, hosted](const Rows& rows) {
    if (!rows)
      log(LogLevel::Error, "recall_failed", {{"room", hosted->name}, {"error", rows.error().text}});
    if (!hosted->room) return;
    hosted->room->on_recalled(rows);
    turn(hosted);
  });
}

void RoomHost::committed(const Shared& hosted, const Status& status) {
  learn_storage(status);
  metrics.commit.observe(services_.clock().nanos - hosted->commit_began);
  (status.ok() ? metrics.commits : metrics.failed_commits).add();
  if (!hosted->room) return;
  if (status.ok()) {
    hosted->room->on_committed(services_.clock());
  } else {
    log(LogLevel::Error, "commit_failed", {{"room", hosted->name}, {"error", status.error().text}});
    hosted->room->on_commit_failed();
  }
  turn(hosted);
}

/// A store that fails takes no messages until a probe, or a commit on its way, succeeds.
void RoomHost::learn_storage(const Status& status) {
  const bool fails = !status.ok();
  if (fails != storage_fails_)
    log(fails ? LogLevel::Error : LogLevel::Info, fails ? "storage_fails" : "storage_works");
  storage_fails_ = fails;
  probe_due_ = services_.clock().steady + kProbeInterval;
}

void RoomHost::probe_storage(Now now) {
  if (!storage_fails_ || now.steady < probe_due_) return;
  probe_due_ = kNever;
  store_.probe([this](const Status& status) { learn_storage(status); });
}

bool RoomHost::has_backlog(const Hosted& hosted) const {
  return std::any_of(hosted.connections.begin(), hosted.connections.end(), [&](ConnectionId id) {
    return connections_.at(id).peer->waiting() > options_.backlog_frames;
  });
}

/// A burst must not look like a slow reader: the room waits for its readers, though not for long.
void RoomHost::hold_or_go_on(Hosted& hosted) {
  const std::int64_t now = services_.clock().steady;
  if (!has_backlog(hosted)) {
    hosted.held_since = -1;
  } else if (hosted.held_since < 0) {
    hosted.held_since = now;
  }
  hosted.room->hold(hosted.held_since >= 0 && now - hosted.held_since < kMostPatience);
}

void RoomHost::drained(ConnectionId connection) {
  const auto at = connections_.find(connection);
  if (at != connections_.end() && at->second.room && at->second.room->held_since >= 0) {
    rooms_.schedule(at->second.room);
  }
}

bool RoomHost::wants_fast_ticks() const {
  for (const auto& [name, hosted] : rooms_.by_name()) {
    if (hosted->room && hosted->room->has_presence()) return true;
  }
  return false;
}

void RoomHost::tick() {
  const Now now = services_.clock();
  close_expired(now);
  probe_storage(now);
  for (const Shared& hosted : rooms_.all()) {
    if (!hosted->room) continue;
    hosted->room->tick(now);
    turn(hosted);
    unload_when_idle(hosted, now);
  }
}

void RoomHost::unload_when_idle(const Shared& hosted, Now now) {
  if (!hosted->room || hosted->room->member_count() != 0 || !hosted->room->settled()) return;
  const bool stored =
      hosted->room->server_seq() != 0;  // what was never written to costs nothing to forget
  if (stored && now.steady - hosted->since < options_.room_timeout) return;
  if (!hosted->unloading && hosted->room->journal_length() > options_.room.compact_min_operations) {
    hosted->unloading = true;  // its journal becomes a snapshot first
    hosted->room->compact();
    turn(hosted);
    return;
  }
  if (stored) log(LogLevel::Info, "room_unloaded", {{"room", hosted->name}});
  rooms_.unload(hosted, "");
}

void RoomHost::shut_down(std::function<void()> done) {
  shutting_down_ = true;
  shut_down_done_ = std::move(done);
  for (const Shared& hosted : rooms_.all()) {
    if (!hosted->room) continue;
    if (hosted->room->journal_length() > options_.room.compact_min_operations)
      hosted->room->compact();
    rooms_.schedule(hosted);
  }
  services_.post([this] { finish_shutdown(); });
}

void RoomHost::finish_shutdown() {
  if (!shut_down_done_ || !rooms_.settled()) return;
  for (auto& [id, connection] : connections_)
    connection.peer->close(CloseCode::kRestart, retry_reason());
  std::exchange(shut_down_done_, nullptr)();
}

}  // namespace vuer_rtc::server
