#include "sim/watched_store.hpp"

#include <utility>

namespace vuer_rtc::sim {

WatchedStore::WatchedStore(std::shared_ptr<server::LogStore> store, Watch watch)
    : store_(std::move(store)), watch_(std::move(watch)) {}

Result<server::LogContent> WatchedStore::load(const server::LogId& log) {
  if (Status status = commit_late(); !status) return status.error();
  Result<server::LogContent> content = server::load_whole(*store_, log);
  if (!content) return content;
  watch_.ledger->loaded(*content);
  content->ids.clear();
  return content;
}

Result<std::vector<server::LogRow>> WatchedStore::find_ids(const server::LogId& log,
                                                           std::span<const std::string> keys) {
  if (watch_.planted == Planted::ForgottenIds) return std::vector<server::LogRow>{};
  return store_->find_ids(log, keys);
}

Status WatchedStore::commit(std::span<const server::LogCommit> commits) {
  if (Status status = commit_late(); !status) return status;
  for (const server::LogCommit& one : commits) {
    watch_.ledger->written(one.write);
    const bool snapshot = std::holds_alternative<server::LogSnapshot>(one.write);
    if (snapshot && watch_.before_snapshot) watch_.before_snapshot();
  }
  if (watch_.planted != Planted::EarlyAck) return store_->commit(commits);
  late_.assign(commits.begin(), commits.end());
  return {};
}

Status WatchedStore::commit_late() {
  if (late_.empty()) return {};
  return store_->commit(std::exchange(late_, {}));
}

}  // namespace vuer_rtc::sim
