// The store in memory: it outlives the process, as if every commit were synced at once.
#include "sim/storage.hpp"
#include "storage/memory_store.hpp"

namespace vuer_rtc::sim {
namespace {

class MemoryStorage final : public Storage {
 public:
  std::shared_ptr<server::LogStore> open(std::function<std::int64_t()>) override { return store_; }
  void keep_backup() override { backup_ = *store_; }
  void restore_backup() override { *store_ = backup_; }

 private:
  std::shared_ptr<server::MemoryStore> store_ = std::make_shared<server::MemoryStore>();
  server::MemoryStore backup_;
};

}  // namespace

std::unique_ptr<Storage> memory_storage() { return std::make_unique<MemoryStorage>(); }

}  // namespace vuer_rtc::sim
