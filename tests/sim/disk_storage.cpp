// The production store on the simulated disk.
#include "sim/sqlite_files.hpp"
#include "storage/sqlite_store.hpp"

namespace vuer_rtc::sim {
namespace {

class DiskStorage final : public Storage {
 public:
  DiskStorage(std::uint32_t seed, Trace& trace, Ledger& ledger) : disk_(seed, trace, ledger) {
    use_disk(&disk_);
  }
  std::shared_ptr<server::LogStore> open(std::function<std::int64_t()> wall) override {
    auto store = server::SqliteStore::open("rooms.db", std::move(wall));
    return store ? std::shared_ptr<server::LogStore>(std::move(*store)) : nullptr;
  }
  void end_process() override { disk_.end_process(); }
  void lose_power() override { disk_.lose_power(); }
  void keep_backup() override { disk_.keep_backup(); }
  void restore_backup() override { disk_.restore_backup(); }
  void arm(Trouble trouble, std::uint32_t calls) override { disk_.arm(trouble, calls); }
  void set_faults(std::uint32_t permille) override { disk_.set_faults(permille); }
  void set_full(bool full) override { disk_.set_full(full); }
  void let_syncs_lie() override { disk_.let_syncs_lie(); }
  bool wants_end() const override { return disk_.wants_end(); }
  bool power_is_gone() const override { return disk_.power_is_gone(); }

 private:
  Disk disk_;
};

}  // namespace

std::unique_ptr<Storage> disk_storage(std::uint32_t seed, Trace& trace, Ledger& ledger) {
  return std::make_unique<DiskStorage>(seed, trace, ledger);
}

}  // namespace vuer_rtc::sim
