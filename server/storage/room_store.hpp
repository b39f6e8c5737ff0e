// The store interface: loads rooms, commits writes, all of one call or none. Calls block;
// StoreThread gives it a thread. One conformance test runs against every store.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "room/record.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

struct RoomCommit {
  std::string room;
  RoomWrite write;
};

struct StoreCounts {
  std::uint64_t documents = 0;
  std::uint64_t operations = 0;
  std::uint64_t journal_batches = 0;
};

class RoomStore {
 public:
  virtual ~RoomStore() = default;
  /// What is stored of a room; an empty epoch when nothing is. Storage: it cannot be read or is
  /// damaged, and the text says which row. A failed load is never an empty room.
  virtual Result<RoomRecord> load(const std::string& room) = 0;
  /// When it returns without error, everything is durable. After an error nothing of it is, and
  /// what is on disk must be loaded again before it is written to.
  virtual Status commit(std::span<const RoomCommit> commits) = 0;
  virtual Result<StoreCounts> count() = 0;
};

}  // namespace vuer_rtc::server
