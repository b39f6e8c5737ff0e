// A disk that keeps apart what was written and what was synced. When the power goes, any subset of
// the unsynced writes is there, some of them torn; any call may fail.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "replicas/random.hpp"
#include "sim/storage.hpp"

namespace vuer_rtc::sim {

class Disk {
 public:
  enum class Call : std::uint8_t { Open, Read, Write, Truncate, Sync, Delete };
  enum class Outcome : std::uint8_t { Good, Error, Full, Short, SyncFailed };

  struct Change {
    std::size_t offset = 0;  ///< of a write; the new size of a truncation
    Bytes bytes;
    bool truncation = false;
  };
  struct File {
    Bytes now, synced;
    std::vector<Change> unsynced;
    bool name_synced = false;
  };
  using Handle = std::shared_ptr<File>;

  Disk(std::uint32_t seed, Trace& trace, Ledger& ledger)
      : random_(seed), trace_(trace), ledger_(ledger) {}

  // The calls of a process. Each begins with begin(), which says how it is to end.
  Outcome begin(Call call, int process, std::size_t grows_to = 0, std::size_t size = 0);
  Handle find(const std::string& name) const;
  Handle create(const std::string& name);
  void write(File& file, std::size_t offset, ByteSpan bytes);
  void truncate(File& file, std::size_t size);
  void sync(File& file);
  /// Linux: what could not be written counts as clean afterwards, and may be lost or not.
  void fail_sync(File& file);
  void remove(const std::string& name);

  int process() const { return process_; }
  void end_process();
  void lose_power();
  void keep_backup();
  void restore_backup();
  void arm(Trouble trouble, std::uint32_t calls) {
    armed_ = {trouble, calls};
    is_armed_ = true;
  }
  void set_faults(std::uint32_t permille) { faults_ = permille; }
  void set_full(bool full) { full_ = full; }
  void let_syncs_lie() { lying_ = true; }
  bool wants_end() const { return ended_; }
  bool power_is_gone() const { return power_gone_; }
  testing::Random& random() { return random_; }

 private:
  struct Armed {
    Trouble trouble;
    std::uint32_t calls;
  };
  Outcome trouble(Call call);
  Outcome strike(Trouble trouble, Call call);
  void keep_some(File& file, std::uint32_t percent);
  void apply(Bytes& content, const Change& change, bool torn);

  testing::Random random_;
  Trace& trace_;
  Ledger& ledger_;
  std::map<std::string, Handle> files_;
  std::map<std::string, Bytes> removed_;  // names whose removal is not synced
  std::map<std::string, Bytes> backup_;
  int process_ = 0;
  std::uint64_t calls_ = 0;
  Armed armed_{};
  bool is_armed_ = false;
  std::uint32_t faults_ = 0;  // of a thousand calls
  bool full_ = false, ended_ = false, power_gone_ = false, lying_ = false;
};

}  // namespace vuer_rtc::sim
