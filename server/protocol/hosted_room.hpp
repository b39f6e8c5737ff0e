// A room as its host keeps it: the room once it is loaded, and who waits for what.
#pragma once

#include <set>

#include "protocol/room_host.hpp"

namespace vuer_rtc::server {

struct RoomHost::Hosted {
  std::string name;
  std::unique_ptr<Room> room;  // null while it is loaded or unavailable
  std::vector<std::function<void(Room*)>> waiting;
  std::set<ConnectionId> connections;
  std::int64_t held_since = -1;      // its readers are behind since then
  std::vector<ConnectionId> paused;  // not read until the room has caught up
  bool unavailable = false;
  bool scheduled = false;
  bool unloading = false;
  std::int64_t commit_began = 0;  // nanoseconds
  std::int64_t since = 0;         // last use, or when the load failed
};

}  // namespace vuer_rtc::server
