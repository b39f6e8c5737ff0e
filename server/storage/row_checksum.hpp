// The checksum of each kind of row: every field, the document's number included.
#pragma once

#include "room/record.hpp"
#include "storage/checksum.hpp"

namespace vuer_rtc::server {

/// SQLite's integers are signed.
inline std::int64_t signed_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

struct BatchRange {
  std::int64_t first_seq, last_seq, start_time, end_time;
};

inline std::int64_t operation_checksum(std::int64_t document, const AcceptedMessage& one) {
  Checksum sum;
  sum.add(document)
      .add(std::string_view(one.id))
      .add(signed_of(one.server_seq))
      .add(signed_of(one.lt));
  return sum.add(one.stable).add(ByteSpan(one.content)).value();
}

inline std::int64_t author_checksum(std::int64_t document, const AuthorRecord& one) {
  Checksum sum;
  sum.add(document)
      .add(std::string_view(one.client))
      .add(signed_of(one.number))
      .add(signed_of(one.lt));
  return sum.value();
}

inline std::int64_t batch_checksum(std::int64_t document, const BatchRange& range,
                                   ByteSpan operations) {
  Checksum sum;
  sum.add(document)
      .add(range.first_seq)
      .add(range.last_seq)
      .add(range.start_time)
      .add(range.end_time);
  return sum.add(operations).value();
}

inline std::int64_t snapshot_checksum(std::int64_t document, ByteSpan data) {
  return Checksum().add(document).add(data).value();
}

}  // namespace vuer_rtc::server
