// The rooms of all event loops. A room belongs to one loop, which its name tells; what is asked
// here, on the first loop, is done there.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "protocol/room_host.hpp"

namespace vuer_rtc::server {

class Rooms {
 public:
  /// Does something on a loop: now, when that is the one it is called on.
  using OnLoop = std::function<void(std::size_t loop, std::function<void()> what)>;

  Rooms(std::vector<RoomHost*> hosts, OnLoop on_loop)
      : hosts_(std::move(hosts)), on_loop_(std::move(on_loop)) {}
  /// One loop has them all.
  Rooms(RoomHost& only)
      : Rooms({&only}, [](std::size_t, const std::function<void()>& what) { what(); }) {}

  std::size_t loop_of(const std::string& name) const {
    return std::hash<std::string>{}(name) % hosts_.size();
  }
  /// To be used on the loop of this room only.
  RoomHost& host_of(const std::string& name) const { return *hosts_[loop_of(name)]; }

  // As RoomHost has them. `question` and `done` are called on the loop of the room.
  void with_room(const std::string& name, std::function<void(Result<Room*>)> question) const;
  void write(const std::string& name, Bytes message, Room::Written done) const;
  void clear(const std::string& name, std::function<void(Result<Room*>)> done) const;

  // `done` is called on the first loop, with what all loops have together.
  void list(std::function<void(std::vector<RoomInfo>)> done) const;
  void figures(std::function<void(HostFigures)> done) const;
  void shut_down(std::function<void()> done) const;

  StoreQueue& store() const { return hosts_.front()->store(); }
  bool is_shutting_down() const { return hosts_.front()->is_shutting_down(); }

 private:
  using Answer = std::function<void(std::function<void()> merge)>;
  /// Calls `ask` on each loop. What it gives to `answer` is done on the first one; behind the last
  /// comes `done`.
  void gather(const std::function<void(RoomHost&, Answer answer)>& ask,
              std::function<void()> done) const;

  std::vector<RoomHost*> hosts_;
  OnLoop on_loop_;
};

}  // namespace vuer_rtc::server
