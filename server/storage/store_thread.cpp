#include "storage/store_thread.hpp"

#include <utility>

namespace vuer_rtc::server {

StoreThread::StoreThread(std::unique_ptr<LogStore> store, Post post)
    : queue_(std::move(store), std::move(post), [this] { wake(); }), thread_([this] { run(); }) {}

StoreThread::~StoreThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void StoreThread::wake() {
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  wake_.notify_one();
}

void StoreThread::run() {
  for (bool last = false; !last;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || asked_; });
      asked_ = false;
      last = stopping_;
    }
    while (queue_.run()) {
    }
  }
}

}  // namespace vuer_rtc::server
