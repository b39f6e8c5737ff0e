// Yjs rooms in the log that all protocols share: an entry is an update, a snapshot the whole store.
#pragma once

#include <map>

#include "protocol/yjs/host.hpp"
#include "storage/store_queue.hpp"

namespace vuer_rtc::server {

class YjsDisk final : public yjs::Disk {
 public:
  YjsDisk(StoreQueue& store, std::function<std::string()> new_epoch,
          std::function<std::int64_t()> wall_clock)
      : store_(store), new_epoch_(std::move(new_epoch)), wall_clock_(std::move(wall_clock)) {}

  void load(const std::string& room, std::function<void(std::optional<yjs::Stored>)> done) override;
  void write(const std::string& room, yjs::Write write, std::function<void(bool)> done) override;
  void set_aside(const std::string& room, std::vector<Bytes> entries,
                 std::function<void(bool)> done) override;
  void probe(std::function<void(bool)> done) override;
  void forget(const std::string& room) override { logs_.erase(room); }

 private:
  /// How far a room's log has come, writes under way included.
  struct Log {
    std::string epoch;
    std::uint64_t last_seq = 0;
  };
  LogAppend append(Log& at, const std::vector<yjs::Slice>& entries) const;
  StoreQueue& store_;
  std::function<std::string()> new_epoch_;
  std::function<std::int64_t()> wall_clock_;
  std::map<std::string, Log> logs_;
};

}  // namespace vuer_rtc::server
