#include "storage/memory_store.hpp"

#include <algorithm>

namespace vuer_rtc::server {
namespace {

void set_row(std::vector<LogRow>& rows, const LogRow& row) {
  const auto same =
      std::find_if(rows.begin(), rows.end(), [&](const LogRow& one) { return one.key == row.key; });
  if (same == rows.end()) {
    rows.push_back(row);
  } else {
    *same = row;
  }
}

struct Applier {
  LogContent& log;

  Status operator()(const LogAppend& append) const {
    const bool same_epoch = log.epoch.empty() || log.epoch == append.epoch;
    if (!same_epoch || append.first_seq != log.last_seq + 1) return does_not_follow();
    log.epoch = append.epoch;
    log.last_seq = append.last_seq;
    log.entries.insert(log.entries.end(), append.entries.begin(), append.entries.end());
    log.ids.insert(log.ids.end(), append.ids.begin(), append.ids.end());
    for (const LogRow& author : append.authors) set_row(log.authors, author);
    return {};
  }

  Status operator()(const LogSnapshot& write) const {
    if (log.epoch != write.epoch || log.last_seq != write.last_seq) return does_not_follow();
    log.state = write.state;
    log.snapshot = write.snapshot;
    log.entries = write.rest;
    return {};
  }

  Status operator()(const LogClear& clear) const {
    LogContent empty;
    empty.epoch = clear.epoch;
    empty.cleared = std::move(log.cleared);
    if (!log.epoch.empty()) empty.cleared.push_back(log.epoch);
    empty.authors = std::move(log.authors);
    log = std::move(empty);
    return {};
  }
};

}  // namespace

Error does_not_follow() {
  return make_error(ErrorCode::Internal, "the write does not follow what is stored");
}

Status apply_write(LogContent& log, const LogWrite& write) {
  return std::visit(Applier{log}, write);
}

Result<LogContent> MemoryStore::load(const LogId& log) {
  const auto at = logs_.find(log);
  return at == logs_.end() ? LogContent{} : at->second;
}

Status MemoryStore::commit(std::span<const LogCommit> commits) {
  std::map<LogId, LogContent> changed;
  for (const LogCommit& one : commits) {
    const auto [at, first] = changed.try_emplace(one.log);
    if (first && logs_.contains(one.log)) at->second = logs_[one.log];
    if (Status status = apply_write(at->second, one.write); !status) return status;
  }
  for (const LogCommit& one : commits) {
    std::uint64_t& batches = batches_[one.log];
    batches = std::holds_alternative<LogAppend>(one.write) ? batches + 1 : 0;
    if (const auto* write = std::get_if<LogSnapshot>(&one.write);
        write != nullptr && !write->rest.empty())
      batches = 1;
  }
  for (auto& [log, content] : changed) logs_[log] = std::move(content);
  return {};
}

Result<StoreCounts> MemoryStore::count() {
  StoreCounts counts;
  counts.documents = logs_.size();
  for (const auto& [log, content] : logs_) counts.operations += content.last_seq;
  for (const auto& [log, batches] : batches_) counts.journal_batches += batches;
  return counts;
}

}  // namespace vuer_rtc::server
