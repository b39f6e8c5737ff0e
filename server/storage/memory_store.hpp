// Logs in memory: for tests and demos. Durable as long as the process.
#pragma once

#include <map>

#include "storage/log_store.hpp"

namespace vuer_rtc::server {

class MemoryStore final : public LogStore {
 public:
  Result<LogContent> load(const LogId& log) override;
  Status commit(std::span<const LogCommit> commits) override;
  Status probe() override { return {}; }
  Result<StoreCounts> count() override;

 private:
  std::map<LogId, LogContent> logs_;
  std::map<LogId, std::uint64_t> batches_;
};

}  // namespace vuer_rtc::server
