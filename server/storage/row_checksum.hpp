// The checksum of each kind of row: every field, the document's number included.
#pragma once

#include "storage/chain.hpp"
#include "storage/checksum.hpp"
#include "storage/log_store.hpp"

namespace vuer_rtc::server {

/// SQLite's integers are signed.
inline std::int64_t signed_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

inline std::int64_t row_checksum(std::int64_t document, const LogRow& row) {
  return Checksum().add(document).add(std::string_view(row.key)).add(ByteSpan(row.value)).value();
}

inline std::int64_t batch_checksum(std::int64_t document, const BatchRange& range, ByteSpan entries,
                                   ByteSpan link) {
  Checksum sum;
  sum.add(document)
      .add(range.first_seq)
      .add(range.last_seq)
      .add(range.start_time)
      .add(range.end_time);
  return sum.add(entries).add(link).value();
}

inline std::int64_t snapshot_checksum(std::int64_t document, ByteSpan data) {
  return Checksum().add(document).add(data).value();
}

}  // namespace vuer_rtc::server
