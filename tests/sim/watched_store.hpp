// A store that is looked at: everything written and read goes past the ledger. Holds the mistakes
// that can be planted.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sim/ledger.hpp"
#include "sim/scenario.hpp"
#include "storage/log_store.hpp"

namespace vuer_rtc::sim {

class WatchedStore final : public server::LogStore {
 public:
  struct Watch {
    Ledger* ledger = nullptr;
    Planted planted = Planted::Nothing;
    /// Called before a commit that holds a snapshot.
    std::function<void()> before_snapshot;
  };
  WatchedStore(std::shared_ptr<server::LogStore> store, Watch watch);

  Result<server::LogContent> load(const server::LogId& log) override;
  Result<std::vector<server::LogRow>> ids(const server::LogId& log) override {
    return store_->ids(log);
  }
  Result<std::vector<server::LogRow>> find_ids(const server::LogId& log,
                                               std::span<const std::string> keys) override;
  Status commit(std::span<const server::LogCommit> commits) override;
  Status probe() override { return store_->probe(); }
  Result<server::StoreCounts> count() override { return store_->count(); }
  Result<server::StoreSizes> sizes() override { return store_->sizes(); }
  Result<server::DocumentInfo> document(const server::LogId& log) override {
    return store_->document(log);
  }
  Result<std::vector<server::DocumentInfo>> documents(const server::LogId& after,
                                                      std::size_t limit) override {
    return store_->documents(after, limit);
  }
  Result<std::vector<server::StoredBatch>> batches(const server::LogId& log, std::uint64_t after,
                                                   std::size_t limit) override {
    return store_->batches(log, after, limit);
  }

 private:
  Status commit_late();
  std::shared_ptr<server::LogStore> store_;
  Watch watch_;
  std::vector<server::LogCommit> late_;  // planted: said to be done, not done yet
};

}  // namespace vuer_rtc::sim
