// What the hosts of all protocols have in common: rooms by name, loaded when somebody asks for one,
// given back when place is needed, run once in a turn of the loop however much there is to do.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vuer_rtc::server {

/// A room as its host keeps it, and who waits for what.
template <class Room_>
struct HostedRoom {
  using Room = Room_;
  using ConnectionId = std::uint64_t;
  std::string name;
  std::unique_ptr<Room> room;  // null while it is loaded or cannot be
  std::vector<std::function<void(Room*)>> waiting;
  std::set<ConnectionId> connections;
  std::vector<ConnectionId> paused;  // not read until the room has caught up
  bool is_unavailable = false, is_scheduled = false;
  std::int64_t since = 0;  // last use, or when loading failed
};

/// `Hosted` is a HostedRoom, with more where a host needs it.
template <class Hosted>
class RoomTable {
 public:
  using Shared = std::shared_ptr<Hosted>;
  using Room = typename Hosted::Room;
  struct Host {
    std::size_t max_rooms = 0;  ///< 0: no limit
    std::function<std::int64_t()> steady_clock;
    std::function<void(std::function<void()>)> post;
    std::function<void(const Shared&)> load;  ///< ends in loaded()
    std::function<void(const Shared&)> turn;
    std::function<void(const Hosted&, std::string_view why)> unloaded;
  };

  explicit RoomTable(Host host) : host_(std::move(host)) {}

  /// A room that is there, being loaded, or failed a moment ago; null when there are too many.
  Shared open(const std::string& name) {
    const std::int64_t now = host_.steady_clock();
    if (const auto at = rooms_.find(name); at != rooms_.end()) {
      const bool retry = at->second->is_unavailable && now - at->second->since >= kRetryLoadAfter;
      if (!retry) return at->second;
      unload(at->second, "to be loaded again");
    } else if (!make_place()) {
      return nullptr;
    }
    const Shared hosted = std::make_shared<Hosted>();
    hosted->name = name;
    hosted->since = now;
    rooms_[name] = hosted;
    host_.load(hosted);
    return hosted;
  }

  /// Null: it cannot be had now, which is never an empty room.
  void loaded(const Shared& hosted, std::unique_ptr<Room> room) {
    hosted->since = host_.steady_clock();
    hosted->room = std::move(room);
    hosted->is_unavailable = !hosted->room;
    for (auto& what : std::exchange(hosted->waiting, {})) what(hosted->room.get());
    schedule(hosted);
  }

  /// Calls with the room once it is there, with null when it cannot be had.
  void when_ready(const Shared& hosted, std::function<void(Room*)> what) {
    if (hosted->room || hosted->is_unavailable) {
      what(hosted->room.get());
      schedule(hosted);
    } else {
      hosted->waiting.push_back(std::move(what));
    }
  }

  void schedule(const Shared& hosted) {
    if (std::exchange(hosted->is_scheduled, true)) return;
    host_.post([this, hosted] {
      hosted->is_scheduled = false;
      host_.turn(hosted);
    });
  }

  void unload(const Shared& hosted, std::string_view why) {
    host_.unloaded(*hosted, why);
    const auto at = rooms_.find(hosted->name);
    if (at != rooms_.end() && at->second == hosted) rooms_.erase(at);
  }

  /// All of them at this moment: what is done with one may add or unload others.
  std::vector<Shared> all() const {
    std::vector<Shared> out;
    for (const auto& [name, hosted] : rooms_) out.push_back(hosted);
    return out;
  }
  const std::map<std::string, Shared>& by_name() const { return rooms_; }
  std::size_t size() const { return rooms_.size(); }

  /// Nothing is about to be done, and nothing waits for the disk.
  bool settled() const {
    for (const auto& [name, hosted] : rooms_)
      if (hosted->is_scheduled || (hosted->room && !hosted->room->settled())) return false;
    return true;
  }

 private:
  static constexpr std::int64_t kRetryLoadAfter = 1000;  // milliseconds a failed load is believed

  /// When the limit is reached, the room that has been empty for longest goes.
  bool make_place() {
    if (host_.max_rooms == 0 || rooms_.size() < host_.max_rooms) return true;
    Shared oldest;
    for (const auto& [name, hosted] : rooms_) {
      const bool is_idle = hosted->connections.empty() &&
                           (hosted->is_unavailable || (hosted->room && hosted->room->settled()));
      if (is_idle && (!oldest || hosted->since < oldest->since)) oldest = hosted;
    }
    if (oldest) unload(oldest, "to make place");
    return oldest != nullptr;
  }

  Host host_;
  std::map<std::string, Shared> rooms_;
};

/// Who was paused reads on, unless still more than `most` waits for the disk.
template <class Hosted, class Connections>
void resume_readers(Hosted& hosted, const Connections& connections, std::size_t most) {
  if (hosted.room && hosted.room->waiting_bytes() > most) return;
  for (const auto id : std::exchange(hosted.paused, {})) {
    const auto at = connections.find(id);
    if (at != connections.end()) at->second.peer->resume_reading();
  }
}

}  // namespace vuer_rtc::server
