// Where the room's data lies while processes come and go.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sim/ledger.hpp"
#include "sim/trace.hpp"
#include "storage/log_store.hpp"

namespace vuer_rtc::sim {

/// How an I/O call may end.
enum class Trouble : std::uint8_t { PowerCut, Kill, Error, Full, ShortWrite, SyncFails };

class Storage {
 public:
  virtual ~Storage() = default;
  /// Null when the store cannot be opened now. `wall` is only written down.
  virtual std::shared_ptr<server::LogStore> open(std::function<std::int64_t()> wall) = 0;
  /// The process ended: whatever it had open does nothing more.
  virtual void end_process() {}
  /// The machine ended: what was not synced may be gone.
  virtual void lose_power() {}
  virtual void keep_backup() = 0;
  virtual void restore_backup() = 0;

  /// The next I/O calls but `calls` meet with trouble, once.
  virtual void arm(Trouble, std::uint32_t /*calls*/) {}
  /// Any call may fail from now on, so many in a thousand.
  virtual void set_faults(std::uint32_t /*permille*/) {}
  /// No file may grow.
  virtual void set_full(bool /*full*/) {}
  /// Planted: syncs are said to be done and are not.
  virtual void let_syncs_lie() {}
  /// A call met with PowerCut or Kill: the process must end now.
  virtual bool wants_end() const { return false; }
  virtual bool power_is_gone() const { return false; }
};

std::unique_ptr<Storage> memory_storage();
/// SQLite on a disk of its own. Native builds only.
std::unique_ptr<Storage> disk_storage(std::uint32_t seed, Trace& trace, Ledger& ledger);

}  // namespace vuer_rtc::sim
