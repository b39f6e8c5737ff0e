#include "storage/memory_store.hpp"

namespace vuer_rtc::server {

Result<RoomRecord> MemoryStore::load(const std::string& room) {
  const auto at = rooms_.find(room);
  return at == rooms_.end() ? RoomRecord{} : at->second;
}

Status MemoryStore::commit(std::span<const RoomCommit> commits) {
  std::map<std::string, RoomRecord> changed;
  for (const RoomCommit& one : commits) {
    const auto [at, first] = changed.try_emplace(one.room);
    if (first && rooms_.contains(one.room)) at->second = rooms_[one.room];
    if (Status status = apply_write(at->second, one.write); !status) return status;
  }
  for (const RoomCommit& one : commits) {
    std::uint64_t& batches = batches_[one.room];
    batches = std::holds_alternative<AppendBatch>(one.write) ? batches + 1 : 0;
    if (const auto* write = std::get_if<SnapshotWrite>(&one.write);
        write != nullptr && !write->rest.empty())
      batches = 1;
  }
  for (auto& [room, record] : changed) rooms_[room] = std::move(record);
  return {};
}

Result<StoreCounts> MemoryStore::count() {
  StoreCounts counts;
  counts.documents = rooms_.size();
  for (const auto& [room, record] : rooms_) counts.operations += record.accepted.size();
  for (const auto& [room, batches] : batches_) counts.journal_batches += batches;
  return counts;
}

}  // namespace vuer_rtc::server
