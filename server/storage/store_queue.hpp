// What rooms ask of a store, in order, without a thread: requests gather until somebody calls
// run(), and commits that stand next to each other become one transaction (group commit). Answers
// go out through `post`. StoreThread runs it on a thread of its own, the simulator on its clock.
// Askers on several threads have a queue each, with one store behind them.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <variant>
#include <vector>

#include "storage/log_store.hpp"

namespace vuer_rtc::server {

/// Runs a function later on the asker's own thread. Must be safe to call from another one.
using Post = std::function<void(std::function<void()>)>;

class StoreQueue {
 public:
  /// `wake` is called after each request, on the asker's thread.
  StoreQueue(std::unique_ptr<LogStore> store, Post post, std::function<void()> wake);
  /// A further asker of the same store.
  StoreQueue(const StoreQueue& other, Post post) : jobs_(other.jobs_), post_(std::move(post)) {}

  void load(LogId log, std::function<void(Result<LogContent>)> done);
  void commit(LogCommit commit, std::function<void(Status)> done);
  void probe(std::function<void(Status)> done);
  /// Asks the store for what it tells by itself; `question` runs where the store does.
  template <class Answer>
  void ask(std::function<Answer(LogStore&)> question, std::function<void(Answer)> done) {
    push([post = post_, question = std::move(question), done = std::move(done)](LogStore& store) {
      post([done, answer = question(store)]() mutable { done(std::move(answer)); });
    });
  }

  /// Carries out what was asked for until now, by anybody. False: there was nothing.
  bool run();

 private:
  struct Write {
    LogCommit commit;
    std::function<void(Status)> done;
    Post post;
  };
  using Question = std::function<void(LogStore&)>;
  using Job = std::variant<Question, Write>;
  struct Jobs {
    std::unique_ptr<LogStore> store;
    std::function<void()> wake;
    std::mutex mutex;
    std::deque<Job> waiting;
  };

  void push(Job job);
  void run_writes(std::vector<Write> writes);

  std::shared_ptr<Jobs> jobs_;
  Post post_;
};

}  // namespace vuer_rtc::server
