// The server as a process that can end at any moment: the production host, room, frames and store
// queue over simulated connections, a store and the virtual clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "protocol/room_host.hpp"
#include "sim/ground.hpp"
#include "storage/log_store.hpp"

namespace vuer_rtc::sim {

struct ProcessOptions {
  server::HostOptions host;
  std::size_t queue_bytes = 64 << 10;  ///< of one reader
  std::size_t queue_frames = 100;
  std::int64_t most_disk_time = 15;  ///< milliseconds of one turn of the store's thread
  std::int64_t wall = 0;             ///< of the server's clock, at the start
};

class ServerProcess {
 public:
  /// Gives the store, or nothing when it cannot be opened now.
  using OpenStore = std::function<std::unique_ptr<server::LogStore>()>;
  ServerProcess(const Ground& ground, const ProcessOptions& options, OpenStore open,
                std::uint32_t seed);
  ~ServerProcess();

  /// Starts now; tries again every second while the store cannot be opened.
  void start();
  /// Ends without a word; every connection is gone.
  void kill();
  bool running() const { return life_ != nullptr; }
  /// Called after each turn of the store's thread: the disk may have ended the machine.
  void set_after_store(std::function<void()> what) { after_store_ = std::move(what); }
  void step_clock(std::int64_t milliseconds) { skew_ += milliseconds; }
  /// How long one frame takes to this person, from the next connection on.
  void set_slow(const std::string& client, std::int64_t frame_time) { slow_[client] = frame_time; }
  /// Nobody is slow any more.
  void hurry_readers();
  /// Calls with the settled room, or with null when there is none.
  void with_room(std::function<void(server::Room*)> question);

 private:
  struct Life;
  void arrive(ConnectionNumber connection, const Parcel& parcel);
  void wake_store();
  void tick_later(std::int64_t delay);
  /// Later, unless the process has ended by then.
  void later(std::int64_t delay, std::function<void()> what);
  server::Now now() const;

  Ground ground_;
  ProcessOptions options_;
  OpenStore open_;
  Random random_;
  std::function<void()> after_store_ = [] {};
  std::map<std::string, std::int64_t> slow_;
  std::shared_ptr<Life> life_;
  std::int64_t skew_ = 0;
  int epochs_ = 0;
};

}  // namespace vuer_rtc::sim
