// Rooms in memory: for tests and demos. Durable as long as the process.
#pragma once

#include <map>

#include "storage/room_store.hpp"

namespace vuer_rtc::server {

class MemoryStore final : public RoomStore {
 public:
  Result<RoomRecord> load(const std::string& room) override;
  Status commit(std::span<const RoomCommit> commits) override;
  Result<StoreCounts> count() override;

 private:
  std::map<std::string, RoomRecord> rooms_;
  std::map<std::string, std::uint64_t> batches_;
};

}  // namespace vuer_rtc::server
