// Logs in memory: for tests and demos. Durable as long as the process.
#pragma once

#include <map>
#include <unordered_map>

#include "storage/log_store.hpp"

namespace vuer_rtc::server {

class MemoryStore final : public LogStore {
 public:
  explicit MemoryStore(WallClock clock = system_wall_time) : clock_(std::move(clock)) {}

  Result<LogContent> load(const LogId& log) override;
  Result<std::vector<LogRow>> ids(const LogId& log) override;
  Result<std::vector<LogRow>> find_ids(const LogId& log,
                                       std::span<const std::string> keys) override;
  Status commit(std::span<const LogCommit> commits) override;
  Status probe() override { return {}; }
  Result<StoreCounts> count() override;
  Result<StoreSizes> sizes() override;
  Result<DocumentInfo> document(const LogId& log) override;
  Result<std::vector<DocumentInfo>> documents(const LogId& after, std::size_t limit) override;
  Result<std::vector<StoredBatch>> batches(const LogId& log, std::uint64_t after,
                                           std::size_t limit) override;

 private:
  struct Stored {
    LogContent content;  // without its ids
    std::unordered_map<std::string, Bytes> ids;
    std::map<std::uint64_t, StoredBatch> batches;  // by their first number
    std::uint64_t version = 0;
    std::int64_t created_at = 0;
    std::int64_t updated_at = 0;
  };
  static void apply(Stored& stored, const LogWrite& write, std::int64_t now);

  WallClock clock_;
  std::map<LogId, Stored> logs_;
};

}  // namespace vuer_rtc::server
