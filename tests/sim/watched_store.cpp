#include "sim/watched_store.hpp"

#include <utility>

namespace vuer_rtc::sim {

WatchedStore::WatchedStore(std::shared_ptr<server::LogStore> store, Watch watch)
    : store_(std::move(store)), watch_(std::move(watch)) {}

Result<server::LogContent> WatchedStore::load(const server::LogId& log) {
  if (Status status = commit_late(); !status) return status.error();
  Result<server::LogContent> content = store_->load(log);
  if (!content) return content;
  watch_.ledger->loaded(*content);
  if (watch_.planted == Planted::ForgottenIds) content->ids.clear();
  return content;
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
