#include "sim/watched_store.hpp"

#include <utility>

namespace vuer_rtc::sim {

WatchedStore::WatchedStore(std::shared_ptr<server::RoomStore> store, Watch watch)
    : store_(std::move(store)), watch_(std::move(watch)) {}

Result<server::RoomRecord> WatchedStore::load(const std::string& room) {
  if (Status status = commit_late(); !status) return status.error();
  Result<server::RoomRecord> record = store_->load(room);
  if (!record) return record;
  watch_.ledger->loaded(*record);
  if (watch_.planted == Planted::ForgottenIds) record->accepted.clear();
  return record;
}

Status WatchedStore::commit(std::span<const server::RoomCommit> commits) {
  if (Status status = commit_late(); !status) return status;
  for (const server::RoomCommit& one : commits) {
    watch_.ledger->written(one.write);
    const bool snapshot = std::holds_alternative<server::SnapshotWrite>(one.write);
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
