// The storage's own thread: runs the queue whenever something was asked for. Commits that arrive
// while one runs go into the next transaction together.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/store_queue.hpp"

namespace vuer_rtc::server {

class StoreThread {
 public:
  StoreThread(std::unique_ptr<LogStore> store, Post post);
  /// Finishes what was asked for, then stops.
  ~StoreThread();

  StoreQueue& queue() { return queue_; }

 private:
  void wake();
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  bool asked_ = false;
  bool stopping_ = false;
  StoreQueue queue_;
  std::thread thread_;
};

}  // namespace vuer_rtc::server
