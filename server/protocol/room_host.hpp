// The rooms by name: loads them, brings them frames, carries out what they ask for, unloads them
// when idle.
//
// Everything runs on one event loop; the storage answers there too. What arrives in one turn of the
// loop is one step of a room, so its acks leave together.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "auth/grant.hpp"
#include "net/application.hpp"
#include "protocol/room_table.hpp"
#include "room/room.hpp"
#include "storage/store_queue.hpp"

namespace vuer_rtc::server {

struct HostOptions {
  RoomOptions room;
  std::size_t max_rooms = 1000;           ///< 0: no limit
  std::int64_t room_timeout = 1'800'000;  ///< milliseconds without members until a room is unloaded
  std::size_t backlog_frames =
      500;  ///< what may wait for one reader before its room takes in no more
  std::size_t waiting_bytes =
      4u << 20;  ///< what may wait for a commit before connections are not read further
};

/// What the host needs from outside: time, unique names for new data, the loop.
struct HostServices {
  std::function<Now()> clock;
  std::function<std::string()> new_epoch;
  std::function<void()> tick_soon;  ///< tick() is wanted within 33 ms
  std::function<Result<Grant>(std::string_view token, std::int64_t wall)> check_token;
  Post post;
};

struct RoomInfo {
  std::string name;
  std::size_t members = 0;
  std::uint64_t server_seq = 0;
  std::int64_t stable = kNoLine;
  std::size_t journal_length = 0;
  std::optional<Hash> digest;  ///< none: no memory for it
};

struct HostFigures {
  bool storage_fails = false;
  std::size_t connections = 0;
  std::size_t rooms = 0;
  std::size_t members = 0;
  std::size_t journal_messages = 0;
  std::size_t journal_bytes = 0;
  std::size_t inbox_bytes = 0;
  HostFigures& operator+=(const HostFigures& other);
};

class RoomHost {
 public:
  RoomHost(StoreQueue& store, const HostOptions& options, HostServices services);
  ~RoomHost();

  /// A connection enters a room until `ends` (wall clock, milliseconds) or a newer token; the peer
  /// must live until gone().
  ConnectionId connect(const std::string& room, Join join, std::int64_t ends, net::Peer& peer);
  /// False: the connection is to be read no further until the peer is told to.
  bool frame(ConnectionId connection, std::string_view bytes, bool text);
  /// A frame over the rate limit: it gets its error and nothing else.
  void refuse(ConnectionId connection, std::string_view bytes, bool text, std::int64_t retry_after);
  /// Everything sent to this connection has left.
  void drained(ConnectionId connection);
  void gone(ConnectionId connection);
  void tick();

  /// Calls with the room when its document is what is on disk, with null when nothing was ever
  /// written to it and nobody is in it. RoomFull, Storage: it cannot be had now.
  void with_room(const std::string& name, std::function<void(Result<Room*>)> question);
  /// The server writes into a room, which need not be there yet (Room::write).
  void write(const std::string& name, Bytes message, Room::Written done);
  /// Clears a room's data, then calls with it as with_room does.
  void clear(const std::string& name, std::function<void(Result<Room*>)> done);
  void list(std::function<void(std::vector<RoomInfo>)> done);
  /// What the loaded rooms hold together, as it is now.
  HostFigures figures() const;
  StoreQueue& store() { return store_; }

  /// Commits and acknowledges what is in, closes every connection with 1012, then calls `done`.
  void shut_down(std::function<void()> done);

  bool is_shutting_down() const { return shutting_down_; }
  bool wants_fast_ticks() const;

 private:
  struct Hosted : HostedRoom<Room> {
    std::int64_t held_since = -1;  // its readers are behind since then
    bool unloading = false;
    std::int64_t commit_began = 0;  // nanoseconds
  };
  using Shared = std::shared_ptr<Hosted>;
  struct Connection {
    net::Peer* peer = nullptr;
    Shared room;
    std::string client;
    std::int64_t ends = kNever;
  };

  bool pause_when_full(const Shared& hosted, ConnectionId connection);
  bool renew(Connection& connection, AuthFrame& frame);
  void close_expired(Now now);
  void load(const Shared& hosted);
  Result<std::unique_ptr<Room>> read(Result<LogContent> stored) const;
  void turn(const Shared& hosted);
  std::vector<Action> step(Room& room);
  void perform(const Shared& hosted, Action& action);
  void perform(const Shared& hosted, Send& send);
  void perform(const Shared& hosted, Close& close);
  void perform(const Shared& hosted, Commit& commit);
  void perform(const Shared& hosted, Recall& recall);
  void committed(const Shared& hosted, const Status& status);
  void learn_storage(const Status& status);
  void probe_storage(Now now);
  bool has_backlog(const Hosted& hosted) const;
  void hold_or_go_on(Hosted& hosted);
  void unload_when_idle(const Shared& hosted, Now now);
  void finish_shutdown();

  StoreQueue& store_;
  HostOptions options_;
  HostServices services_;
  RoomTable<Hosted> rooms_;
  std::unordered_map<ConnectionId, Connection> connections_;
  std::int64_t expiry_due_ = 0;
  ConnectionId last_connection_ = 0;
  bool storage_fails_ = false;
  std::int64_t probe_due_ = 0;
  bool shutting_down_ = false;
  std::function<void()> shut_down_done_;
};

}  // namespace vuer_rtc::server
