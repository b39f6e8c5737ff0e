#include "storage/memory_store.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

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

/// Where a log ends. A write goes on from there, or is an error.
struct End {
  std::string epoch;
  std::uint64_t last_seq = 0;

  Status operator()(const LogAppend& append) {
    const bool same_epoch = epoch.empty() || epoch == append.epoch;
    if (!same_epoch || append.first_seq != last_seq + 1) return does_not_follow();
    epoch = append.epoch;
    last_seq = append.last_seq;
    return {};
  }

  Status operator()(const LogSnapshot& write) const {
    return epoch == write.epoch && last_seq == write.last_seq ? Status() : does_not_follow();
  }

  Status operator()(const LogClear& clear) {
    epoch = clear.epoch;
    last_seq = 0;
    return {};
  }
};

struct Applier {
  LogContent& log;

  void operator()(const LogAppend& append) const {
    log.epoch = append.epoch;
    log.last_seq = append.last_seq;
    log.entries.insert(log.entries.end(), append.entries.begin(), append.entries.end());
    log.ids.insert(log.ids.end(), append.ids.begin(), append.ids.end());
    for (const LogRow& author : append.authors) set_row(log.authors, author);
  }

  void operator()(const LogSnapshot& write) const {
    log.state = write.state;
    log.snapshot = write.snapshot;
    log.entries = write.rest;
  }

  void operator()(const LogClear& clear) const {
    LogContent empty;
    empty.epoch = clear.epoch;
    empty.cleared = std::move(log.cleared);
    if (!log.epoch.empty()) empty.cleared.push_back(log.epoch);
    empty.authors = std::move(log.authors);
    log = std::move(empty);
  }
};

}  // namespace

std::int64_t system_wall_time() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

Error does_not_follow() {
  return make_error(ErrorCode::Internal, "the write does not follow what is stored");
}

Status apply_write(LogContent& log, const LogWrite& write) {
  End end{log.epoch, log.last_seq};
  if (Status status = std::visit(end, write); !status) return status;
  std::visit(Applier{log}, write);
  return {};
}

Result<LogContent> load_whole(LogStore& store, const LogId& log) {
  Result<LogContent> content = store.load(log);
  if (!content) return content;
  Result<std::vector<LogRow>> ids = store.ids(log);
  if (!ids) return ids.error();
  content->ids = std::move(*ids);
  return content;
}

Result<LogContent> MemoryStore::load(const LogId& log) {
  const auto at = logs_.find(log);
  return at == logs_.end() ? LogContent{} : at->second.content;
}

Result<std::vector<LogRow>> MemoryStore::ids(const LogId& log) {
  std::vector<LogRow> found;
  const auto at = logs_.find(log);
  if (at == logs_.end()) return found;
  for (const auto& [key, value] : at->second.ids) found.push_back({key, value});
  return found;
}

Result<std::vector<LogRow>> MemoryStore::find_ids(const LogId& log,
                                                  std::span<const std::string> keys) {
  std::vector<LogRow> found;
  const auto at = logs_.find(log);
  if (at == logs_.end()) return found;
  for (const std::string& key : keys) {
    const auto row = at->second.ids.find(key);
    if (row != at->second.ids.end()) found.push_back({key, row->second});
  }
  return found;
}

void MemoryStore::apply(Stored& stored, const LogWrite& write, std::int64_t now) {
  std::visit(Applier{stored.content}, write);
  if (std::holds_alternative<LogClear>(write)) stored.ids.clear();
  for (LogRow& row : std::exchange(stored.content.ids, {}))
    stored.ids.emplace(std::move(row.key), std::move(row.value));
  if (++stored.version == 1) stored.created_at = now;
  stored.updated_at = now;
  if (const auto* batch = std::get_if<LogAppend>(&write)) {
    stored.batches[batch->first_seq] = {batch->first_seq, batch->last_seq, batch->start_time,
                                        batch->end_time, batch->entries};
    return;
  }
  stored.batches.clear();
  const auto* snapshot = std::get_if<LogSnapshot>(&write);
  if (snapshot != nullptr && !snapshot->rest.empty())
    stored.batches[snapshot->first_rest_seq] = {snapshot->first_rest_seq, snapshot->last_seq, now,
                                                now, snapshot->rest};
}

Status MemoryStore::commit(std::span<const LogCommit> commits) {
  std::map<LogId, End> ends;
  for (const LogCommit& one : commits) {
    const auto [at, first] = ends.try_emplace(one.log);
    const auto stored = logs_.find(one.log);
    if (first && stored != logs_.end())
      at->second = {stored->second.content.epoch, stored->second.content.last_seq};
    if (Status status = std::visit(at->second, one.write); !status) return status;
  }
  for (const LogCommit& one : commits) apply(logs_[one.log], one.write, clock_());
  return {};
}

Result<StoreCounts> MemoryStore::count() {
  StoreCounts counts;
  counts.documents = logs_.size();
  for (const auto& [log, stored] : logs_) {
    counts.operations += stored.content.last_seq;
    counts.journal_batches += stored.batches.size();
  }
  return counts;
}

Result<StoreSizes> MemoryStore::sizes() {
  StoreSizes sizes;
  for (const auto& [log, stored] : logs_) {
    const LogContent& content = stored.content;
    sizes.documents += log.name.size() + content.epoch.size() + content.state.size();
    sizes.documents += content.snapshot.size();
    for (const std::string& epoch : content.cleared) sizes.documents += epoch.size() + 1;
    for (const auto& [key, value] : stored.ids) sizes.operations += key.size() + value.size();
    for (const Bytes& entry : content.entries) sizes.journal_batches += entry.size();
  }
  return sizes;
}

Result<DocumentInfo> MemoryStore::document(const LogId& log) {
  const auto at = logs_.find(log);
  if (at == logs_.end()) return DocumentInfo{log.name};
  const Stored& stored = at->second;
  return DocumentInfo{log.name, stored.version, stored.created_at, stored.updated_at};
}

Result<std::vector<DocumentInfo>> MemoryStore::documents(const LogId& after, std::size_t limit) {
  std::vector<DocumentInfo> found;
  for (auto at = logs_.upper_bound(after); at != logs_.end(); ++at) {
    if (at->first.schema != after.schema || found.size() == limit) break;
    found.push_back(*document(at->first));
  }
  return found;
}

Result<std::vector<StoredBatch>> MemoryStore::batches(const LogId& log, std::uint64_t after,
                                                      std::size_t limit) {
  std::vector<StoredBatch> found;
  const auto stored = logs_.find(log);
  if (stored == logs_.end()) return found;
  const auto& all = stored->second.batches;
  for (auto at = all.upper_bound(after); at != all.end() && found.size() < limit; ++at)
    found.push_back(at->second);
  return found;
}

}  // namespace vuer_rtc::server
