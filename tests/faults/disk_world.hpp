// A store on a simulated disk, a script of commits, and what a start must give back: the state
// behind each commit, as text that can be compared.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/disk.hpp"
#include "sim/ledger.hpp"
#include "sim/timeline.hpp"
#include "sim/trace.hpp"
#include "storage/sqlite_store.hpp"

namespace vuer_rtc::faults {

/// Each room's content in words.
using State = std::map<std::string, std::string>;

/// What a start gives: a room is there or says what is wrong.
struct Start {
  std::map<std::string, Result<std::string>> rooms;
};

class DiskWorld {
 public:
  explicit DiskWorld(std::uint32_t seed);

  sim::Disk& disk() { return disk_; }
  /// A new process. False: it cannot start, and says so.
  bool open();
  /// The process ends without a word.
  void kill();
  /// The process ends in order.
  void close();
  /// The next write of the script; false when it failed and the store must be loaded again.
  bool commit_next();
  /// One room's log becomes a snapshot.
  bool commit_snapshot(const std::string& room);
  /// After a failed commit: what is on disk is what was there before it or after it. False: it is
  /// neither, or cannot be read.
  bool settle();
  /// What everybody was told is there.
  State told() const;
  /// What a start with these files gives. The process before must have ended.
  Start start();

 private:
  bool commit(server::LogCommit commit);
  Result<std::string> load(const std::string& room);

  sim::Timeline timeline_;
  sim::Trace trace_;
  sim::Ledger ledger_;
  sim::Disk disk_;
  std::unique_ptr<server::SqliteStore> store_;
  std::map<std::string, server::LogContent> told_;
  std::optional<server::LogCommit> pending_;  // failed: on disk or not
  std::uint64_t commits_ = 0;
};

extern const std::vector<std::string> kRooms;

}  // namespace vuer_rtc::faults
