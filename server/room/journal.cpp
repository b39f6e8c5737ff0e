#include "room/journal.hpp"

#include <algorithm>
#include <functional>

namespace vuer_rtc::server {

void Journal::append(const Message& message, std::shared_ptr<const Bytes> bytes) {
  bytes_ += bytes->size();
  entries_.push_back({message.server_seq, message.lt, message.id, message.client,
                      message.own_number().value_or(0), message.ts, message.op_count,
                      std::move(bytes)});
}

std::int64_t Journal::line_that_keeps(std::size_t keep) const {
  if (entries_.empty() || entries_.size() <= keep) return kNoLine;
  std::vector<std::uint64_t> lts;
  lts.reserve(entries_.size());
  for (const JournalEntry& entry : entries_) lts.push_back(entry.lt);
  if (keep == 0) return static_cast<std::int64_t>(*std::max_element(lts.begin(), lts.end()));
  std::nth_element(lts.begin(), lts.begin() + static_cast<std::ptrdiff_t>(keep - 1), lts.end(),
                   std::greater<>());
  return static_cast<std::int64_t>(lts[keep - 1]) - 1;
}

std::uint64_t Journal::fold(std::int64_t line) {
  std::uint64_t highest = 0;
  std::erase_if(entries_, [&](const JournalEntry& entry) {
    if (static_cast<std::int64_t>(entry.lt) > line) return false;
    highest = std::max(highest, entry.server_seq);
    bytes_ -= entry.bytes->size();
    return true;
  });
  return highest;
}

void Journal::clear() {
  entries_.clear();
  bytes_ = 0;
}

std::size_t Journal::index_after(std::uint64_t since) const {
  const auto at = std::upper_bound(
      entries_.begin(), entries_.end(), since,
      [](std::uint64_t seq, const JournalEntry& entry) { return seq < entry.server_seq; });
  return static_cast<std::size_t>(at - entries_.begin());
}

std::span<const JournalEntry> Journal::page(std::uint64_t before, std::size_t limit) const {
  const std::size_t end = before == 0 ? 0 : index_after(before - 1);
  const std::size_t size = std::min(limit, end);
  return std::span(entries_).subspan(end - size, size);
}

}  // namespace vuer_rtc::server
