// The Yjs rooms by name and the connections of both faces (endpoint specification, sections 2, 11
// and 14): loads rooms, brings them what connections say, carries out what they ask for, unloads
// them when idle. Everything runs on one event loop; the disk answers there too.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include "net/application.hpp"
#include "protocol/room_table.hpp"
#include "protocol/yjs/room.hpp"

namespace vuer_rtc::yjs {

/// Type and size of a frame, for the log.
std::string describe(std::string_view frame);

/// 1 to 512 bytes of UTF-8 without control characters.
bool is_room_name(std::string_view name);

/// What a connection's token allows.
struct Pass {
  /// May it write there? Nothing: it may not even read.
  std::function<std::optional<bool>(const std::string& room)> may_write_in;
  std::int64_t ends = 0;  ///< wall clock, milliseconds
};

struct Stored {
  Bytes snapshot;
  std::vector<Bytes> entries;
};

/// Where rooms are kept. Answers come later, on the host's loop; writes of one room are in order.
class Disk {
 public:
  virtual ~Disk() = default;
  /// Nothing: it cannot be read now, which is never an empty room.
  virtual void load(const std::string& room, std::function<void(std::optional<Stored>)> done) = 0;
  /// True: it is durable.
  virtual void write(const std::string& room, Write write, std::function<void(bool)> done) = 0;
  /// Keeps entries that cannot be read where they do no harm.
  virtual void set_aside(const std::string& room, std::vector<Bytes> entries,
                         std::function<void(bool)> done) = 0;
  /// Would a write succeed now?
  virtual void probe(std::function<void(bool)> done) = 0;
  /// Nothing follows for this room until it is loaded again.
  virtual void forget(const std::string& room) = 0;
};

struct HostOptions {
  RoomOptions room;
  std::size_t max_rooms = 1000;           ///< 0: no limit
  std::size_t max_members = 100;          ///< of a room; 0: no limit
  std::int64_t room_timeout = 1'800'000;  ///< milliseconds without connections
  std::size_t waiting_bytes = 4u << 20;   ///< what may wait for the disk before reading stops
  bool echo = false;
};

struct HostServices {
  std::function<std::int64_t()> steady_clock, wall_clock;
  std::function<std::string()> new_name;  ///< unique and random
  std::function<std::optional<Pass>(std::string_view token)> check_token;
  std::function<void(std::function<void()>)> post;
  std::function<void(std::string_view event, std::string_view room, std::string_view detail)> log;
  std::function<void(const RoomFigures&)> count;
  bool logs_messages = false;  ///< a line for each that comes in, and for where it goes
};

/// Of the rooms that are loaded.
struct HostFigures {
  std::size_t rooms = 0, connections = 0, structs = 0, holes = 0, content_bytes = 0;
  std::size_t damaged = 0;  ///< entries set aside since the start
};

class Host {
 public:
  Host(Disk& disk, const HostOptions& options, HostServices services);
  ~Host();

  /// The y-websocket face. The peer must live until gone().
  ConnectionId connect(const std::string& room, Pass pass, bool echo, net::Peer& peer);
  /// The Zeal face: a room is named by the first frame.
  ConnectionId connect_zeal(Pass pass, net::Peer& peer);
  /// False: read no further until the peer is told to.
  bool frame(ConnectionId connection, std::string_view bytes, bool text);
  void drained(ConnectionId connection);
  void gone(ConnectionId connection);
  void tick();

  /// Everything on disk, every connection closed with 1012, then `done`.
  void shut_down(std::function<void()> done);

  std::size_t connection_count() const { return connections_.size(); }
  std::size_t room_count() const { return rooms_.size(); }
  HostFigures figures() const;
  /// Why the server should get no traffic; empty: nothing is wrong.
  std::string_view storage_fault() const;

 private:
  using Hosted = server::HostedRoom<Room>;
  using Shared = std::shared_ptr<Hosted>;
  struct Connection {
    net::Peer* peer = nullptr;
    Pass pass;
    Face face = Face::Yjs;
    Shared room;
    std::string name;              // Zeal: the one it was given
    std::int64_t roomless_at = 0;  // Zeal: without a room since then
  };

  bool enter(ConnectionId id, Connection& connection, const std::string& room, bool echo);
  void leave_room(ConnectionId id, Connection& connection);
  void take_text(ConnectionId id, Connection& connection, std::string_view text);
  void refuse(Connection& connection, std::string_view error, std::string_view code, int close);
  void check_connections();

  void load(const Shared& hosted);
  std::unique_ptr<Room> read(const Shared& hosted, std::optional<Stored> stored);
  void set_aside(const Shared& hosted, std::vector<Bytes> damaged);
  void probe_storage();
  void turn(const Shared& hosted);
  void perform(const Shared& hosted, Send& send);
  void perform(const Shared& hosted, Close& close);
  void perform(const Shared& hosted, Identify& identify);
  void perform(const Shared& hosted, Write& write);
  void written(const Shared& hosted, bool ok);
  void unload_when_idle(const Shared& hosted);
  void finish_shutdown();

  Disk& disk_;
  HostOptions options_;
  HostServices services_;
  server::RoomTable<Hosted> rooms_;
  std::unordered_map<ConnectionId, Connection> connections_;
  ConnectionId last_connection_ = 0;
  bool storage_fails_ = false;
  std::int64_t probe_due_ = 0;
  std::size_t damaged_ = 0;
  bool shutting_down_ = false;
  std::function<void()> shut_down_done_;
};

}  // namespace vuer_rtc::yjs
