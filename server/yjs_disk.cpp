#include "yjs_disk.hpp"

#include "log.hpp"
#include "metrics/metrics.hpp"

namespace vuer_rtc::server {
namespace {

LogId log_of(const std::string& room) { return {"yjs", room}; }
LogId damaged_log_of(const std::string& room) { return {"yjs-damaged", room}; }

/// Behind what was set aside before.
Status append_damaged(LogStore& store, const LogId& id, LogAppend append) {
  const Result<LogContent> present = store.load(id);
  if (!present) return present.error();
  if (!present->epoch.empty()) append.epoch = present->epoch;
  append.first_seq = present->last_seq + 1;
  append.last_seq = present->last_seq + append.entries.size();
  const LogCommit commit{id, std::move(append)};
  return store.commit({&commit, 1});
}

Bytes copy_of(const yjs::Slice& slice) {
  const ByteSpan bytes = slice.view();
  return {bytes.begin(), bytes.end()};
}

}  // namespace

void YjsDisk::load(const std::string& room, std::function<void(std::optional<yjs::Stored>)> done) {
  store_.load(log_of(room), [this, room, done = std::move(done)](Result<LogContent> content) {
    if (!content) {
      log(LogLevel::Error, "yjs_load_failed", {{"room", room}, {"error", content.error().text}});
      return done(std::nullopt);
    }
    const bool is_new = content->epoch.empty();
    logs_[room] = {is_new ? new_epoch_() : content->epoch, content->last_seq};
    done(yjs::Stored{std::move(content->snapshot), std::move(content->entries)});
  });
}

/// Both commits stand next to each other, so they are one transaction.
void YjsDisk::write(const std::string& room, yjs::Write write, std::function<void(bool)> done) {
  Log& at = logs_[room];
  const auto all_fine = std::make_shared<bool>(true);
  const auto answer = [room, all_fine](const Status& status) {
    *all_fine = *all_fine && status.ok();
    if (!status.ok())
      log(LogLevel::Error, "yjs_commit_failed", {{"room", room}, {"error", status.error().text}});
  };
  const auto began = std::chrono::steady_clock::now();
  const auto last_answer = [answer, all_fine, began, done = std::move(done)](const Status& status) {
    answer(status);
    metrics.yjs_commit.observe(nanoseconds_since(began));
    done(*all_fine);
  };
  if (!write.entries.empty()) {
    LogCommit commit{log_of(room), append(at, write.entries)};
    write.snapshot ? store_.commit(std::move(commit), answer)
                   : store_.commit(std::move(commit), last_answer);
  }
  if (write.snapshot) {
    LogSnapshot snapshot;
    snapshot.epoch = at.epoch;
    snapshot.last_seq = at.last_seq;
    snapshot.snapshot = copy_of(*write.snapshot);
    store_.commit({log_of(room), std::move(snapshot)}, last_answer);
  }
}

void YjsDisk::set_aside(const std::string& room, std::vector<Bytes> entries,
                        std::function<void(bool)> done) {
  LogAppend append;
  append.epoch = new_epoch_();
  append.start_time = append.end_time = wall_clock_();
  append.entries = std::move(entries);
  store_.ask<Status>(
      [id = damaged_log_of(room), append = std::move(append)](LogStore& store) {
        return append_damaged(store, id, append);
      },
      [room, done = std::move(done)](const Status& status) {
        log(LogLevel::Error, "yjs_entries_set_aside",
            {{"room", room}, {"error", status.ok() ? "they cannot be read" : status.error().text}});
        done(status.ok());
      });
}

void YjsDisk::probe(std::function<void(bool)> done) {
  store_.probe([done = std::move(done)](const Status& status) { done(status.ok()); });
}

LogAppend YjsDisk::append(Log& at, const std::vector<yjs::Slice>& entries) const {
  LogAppend append;
  append.epoch = at.epoch;
  append.first_seq = at.last_seq + 1;
  append.last_seq = at.last_seq += entries.size();
  append.start_time = append.end_time = wall_clock_();
  for (const yjs::Slice& entry : entries) append.entries.push_back(copy_of(entry));
  return append;
}

}  // namespace vuer_rtc::server
