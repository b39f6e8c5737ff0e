#include "room/record.hpp"

#include <algorithm>

namespace vuer_rtc::server {
namespace {

Error does_not_follow() {
  return make_error(ErrorCode::Internal, "the write does not follow what is stored");
}

void set_author(std::vector<AuthorRecord>& authors, const AuthorRecord& author) {
  const auto same = std::find_if(authors.begin(), authors.end(), [&](const AuthorRecord& one) {
    return one.client == author.client;
  });
  if (same == authors.end()) {
    authors.push_back(author);
  } else {
    *same = author;
  }
}

struct Applier {
  RoomRecord& record;

  Status operator()(const AppendBatch& batch) const {
    const bool same_epoch = record.epoch.empty() || record.epoch == batch.epoch;
    if (!same_epoch || batch.first_seq != record.last_seq + 1) return does_not_follow();
    record.epoch = batch.epoch;
    record.last_seq = batch.last_seq;
    record.journal.insert(record.journal.end(), batch.messages.begin(), batch.messages.end());
    record.accepted.insert(record.accepted.end(), batch.accepted.begin(), batch.accepted.end());
    for (const AuthorRecord& author : batch.authors) set_author(record.authors, author);
    return {};
  }

  Status operator()(const SnapshotWrite& write) const {
    if (record.epoch != write.epoch || record.last_seq != write.last_seq) return does_not_follow();
    record.snapshot = write.snapshot;
    record.stable = write.stable;
    record.folded_seq = write.folded_seq;
    record.journal = write.rest;
    return {};
  }

  Status operator()(const ClearWrite& write) const {
    RoomRecord empty;
    empty.epoch = write.epoch;
    empty.cleared = std::move(record.cleared);
    if (!record.epoch.empty()) empty.cleared.push_back(record.epoch);
    empty.authors = std::move(record.authors);
    record = std::move(empty);
    return {};
  }
};

}  // namespace

Status apply_write(RoomRecord& record, const RoomWrite& write) {
  return std::visit(Applier{record}, write);
}

}  // namespace vuer_rtc::server
