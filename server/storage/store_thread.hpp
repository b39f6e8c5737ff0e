// The storage's own thread. Commits that arrive while one runs go into the next transaction
// together (group commit); answers come back through `post`, on the thread of whoever asked.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include "storage/room_store.hpp"

namespace vuer_rtc::server {

/// Runs a function later on the caller's own thread. Must be safe to call from another one.
using Post = std::function<void(std::function<void()>)>;

class StoreThread {
 public:
  StoreThread(std::unique_ptr<RoomStore> store, Post post);
  /// Finishes what was asked for, then stops.
  ~StoreThread();

  void load(std::string room, std::function<void(Result<RoomRecord>)> done);
  void commit(RoomCommit commit, std::function<void(Status)> done);
  void count(std::function<void(Result<StoreCounts>)> done);

 private:
  struct Load {
    std::string room;
    std::function<void(Result<RoomRecord>)> done;
  };
  struct Write {
    RoomCommit commit;
    std::function<void(Status)> done;
  };
  struct Count {
    std::function<void(Result<StoreCounts>)> done;
  };
  using Job = std::variant<Load, Write, Count>;

  void push(Job job);
  void run();
  void run_writes(std::vector<Write> writes);

  std::unique_ptr<RoomStore> store_;
  Post post_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace vuer_rtc::server
