// What came after the snapshot: accepted messages in serverSeq order, each encoded once and shared
// by the state, the broadcast and the disk.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "vuer_rtc/message.hpp"

namespace vuer_rtc::server {

struct JournalEntry {
  std::uint64_t server_seq = 0;
  std::uint64_t lt = 0;
  std::string id;
  std::string client;
  std::uint64_t number = 0;  ///< the author's own; 0: it gave none
  double ts = 0;             ///< milliseconds, as the author says
  std::uint32_t ops = 0;     ///< how many
  std::shared_ptr<const Bytes> bytes;
};

class Journal {
 public:
  void append(const Message& message, std::shared_ptr<const Bytes> bytes);
  /// The highest line that leaves at least `keep` messages above it; kNoLine when there are not so
  /// many.
  std::int64_t line_that_keeps(std::size_t keep) const;
  /// Removes what lies at or below the line; gives the highest serverSeq that went.
  std::uint64_t fold(std::int64_t line);
  void clear();

  const std::vector<JournalEntry>& entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_; }
  /// The first entry with a serverSeq above `since`.
  std::size_t index_after(std::uint64_t since) const;
  /// The last `limit` entries with a serverSeq below `before`, in order.
  std::span<const JournalEntry> page(std::uint64_t before, std::size_t limit) const;

 private:
  std::vector<JournalEntry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace vuer_rtc::server
