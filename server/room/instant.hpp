// The smallest driver of a room: a disk that commits at once and a list of what was sent. For
// tests, the simulator and programs that want a server's order without a server.
//
//   InstantRoom server;
//   server.join(1, {.client = "alice", .compact = true});
//   server.crdt(1, message_bytes);
//   for (const Delivered& one : server.take()) deliver(one.to, one.frame->bytes);   // ack,
//   broadcast, ... in order
//
// restart() forgets the room and loads it again from what was committed, as a crash would.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "room/room.hpp"

namespace vuer_rtc::server {

struct Delivered {
  ConnectionId to = 0;
  SharedFrame frame;  ///< null: the connection was closed with `code`
  int code = 0;
};

class InstantRoom {
 public:
  explicit InstantRoom(const RoomOptions& options = {});

  void join(ConnectionId connection, Join join);
  void crdt(ConnectionId connection, ByteSpan message);
  void receive(ConnectionId connection, Frame frame);
  void leave(ConnectionId connection);
  void compact();
  /// Moves both clocks on and ticks.
  void advance(std::int64_t milliseconds);
  /// A crash and a new start: all connections are gone.
  void restart();

  std::vector<Delivered> take() { return std::exchange(delivered_, {}); }
  Room& room() { return *room_; }
  const LogContent& disk() const { return disk_; }

 private:
  void run();
  std::vector<LogRow> find(const std::vector<std::string>& ids) const;
  RoomOptions options_;
  LogContent disk_;
  std::unique_ptr<Room> room_;
  std::vector<Delivered> delivered_;
  Now now_;
  int epochs_ = 0;
};

}  // namespace vuer_rtc::server
