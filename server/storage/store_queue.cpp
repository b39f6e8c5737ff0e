#include "storage/store_queue.hpp"

#include <utility>

namespace vuer_rtc::server {

StoreQueue::StoreQueue(std::unique_ptr<LogStore> store, Post post, std::function<void()> wake)
    : jobs_(std::make_shared<Jobs>()), post_(std::move(post)) {
  jobs_->store = std::move(store);
  jobs_->wake = std::move(wake);
}

void StoreQueue::load(LogId log, std::function<void(Result<LogContent>)> done) {
  ask<Result<LogContent>>([log = std::move(log)](LogStore& store) { return store.load(log); },
                          std::move(done));
}

void StoreQueue::commit(LogCommit commit, std::function<void(Status)> done) {
  push(Write{std::move(commit), std::move(done), post_});
}

void StoreQueue::probe(std::function<void(Status)> done) {
  ask<Status>([](LogStore& store) { return store.probe(); }, std::move(done));
}

void StoreQueue::push(Job job) {
  {
    const std::lock_guard lock(jobs_->mutex);
    jobs_->waiting.push_back(std::move(job));
  }
  jobs_->wake();
}

bool StoreQueue::run() {
  std::deque<Job> jobs;
  {
    const std::lock_guard lock(jobs_->mutex);
    jobs.swap(jobs_->waiting);
  }
  std::vector<Write> writes;
  for (Job& job : jobs) {
    if (auto* write = std::get_if<Write>(&job)) {
      writes.push_back(std::move(*write));
      continue;
    }
    run_writes(std::exchange(writes, {}));  // a question sees what was committed before it
    std::get<Question>(job)(*jobs_->store);
  }
  run_writes(std::move(writes));
  return !jobs.empty();
}

void StoreQueue::run_writes(std::vector<Write> writes) {
  if (writes.empty()) return;
  std::vector<LogCommit> commits;
  commits.reserve(writes.size());
  for (Write& write : writes) commits.push_back(std::move(write.commit));
  const Status status = jobs_->store->commit(commits);
  for (Write& write : writes) {
    write.post([done = std::move(write.done), status] { done(status); });
  }
}

}  // namespace vuer_rtc::server
