#include "storage/store_thread.hpp"

namespace vuer_rtc::server {

StoreThread::StoreThread(std::unique_ptr<RoomStore> store, Post post)
    : store_(std::move(store)), post_(std::move(post)), thread_([this] { run(); }) {}

StoreThread::~StoreThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void StoreThread::load(std::string room, std::function<void(Result<RoomRecord>)> done) {
  push(Load{std::move(room), std::move(done)});
}

void StoreThread::commit(RoomCommit commit, std::function<void(Status)> done) {
  push(Write{std::move(commit), std::move(done)});
}

void StoreThread::count(std::function<void(Result<StoreCounts>)> done) {
  push(Count{std::move(done)});
}

void StoreThread::push(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void StoreThread::run() {
  for (;;) {
    std::deque<Job> jobs;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      jobs.swap(jobs_);
    }
    std::vector<Write> writes;
    for (Job& job : jobs) {
      if (auto* write = std::get_if<Write>(&job)) {
        writes.push_back(std::move(*write));
        continue;
      }
      run_writes(std::exchange(writes, {}));  // a load sees what was committed before it
      if (auto* load = std::get_if<Load>(&job)) {
        post_([done = std::move(load->done), record = store_->load(load->room)]() mutable {
          done(std::move(record));
        });
      } else if (auto* count = std::get_if<Count>(&job)) {
        post_([done = std::move(count->done), counts = store_->count()]() mutable {
          done(std::move(counts));
        });
      }
    }
    run_writes(std::move(writes));
  }
}

void StoreThread::run_writes(std::vector<Write> writes) {
  if (writes.empty()) return;
  std::vector<RoomCommit> commits;
  commits.reserve(writes.size());
  for (Write& write : writes) commits.push_back(std::move(write.commit));
  const Status status = store_->commit(commits);
  for (Write& write : writes) {
    post_([done = std::move(write.done), status] { done(status); });
  }
}

}  // namespace vuer_rtc::server
