// What SqliteStore tells of logs without loading them.
#include "storage/row_checksum.hpp"
#include "storage/sqlite_store.hpp"

namespace vuer_rtc::server {
namespace {

std::uint64_t unsigned_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

Status SqliteStore::copy_to(const std::string& path) {
  if (Status status = ensure_open(); !status) return status;
  return database_->copy_to(path);
}

Result<StoreCounts> SqliteStore::count() {
  if (Status status = ensure_open(); !status) return status.error();
  StoreCounts counts;
  Statement rows = database_->prepare(
      "SELECT (SELECT count(*) FROM Document),(SELECT sum(lastSeq) FROM Document),(SELECT count(*) "
      "FROM JournalBatch)");
  if (rows.step() != Statement::Step::Row) return database_->fault("count");
  counts.documents = unsigned_of(rows.integer());
  counts.operations = unsigned_of(rows.integer());
  counts.journal_batches = unsigned_of(rows.integer());
  return counts;
}

Result<StoreSizes> SqliteStore::sizes() {
  if (Status status = ensure_open(); !status) return status.error();
  StoreSizes sizes;
  Statement rows = database_->prepare(
      "SELECT (SELECT coalesce(sum(length(name)+length(epoch)+length(cleared)+length(state)),0)"
      " FROM Document)+(SELECT coalesce(sum(length(data)),0) FROM Snapshot),"
      "(SELECT coalesce(sum(length(msgId)+length(data)),0) FROM Operation),"
      "(SELECT coalesce(sum(length(operations)),0) FROM JournalBatch)");
  if (rows.step() != Statement::Step::Row) return database_->fault("sizes");
  sizes.documents = unsigned_of(rows.integer());
  sizes.operations = unsigned_of(rows.integer());
  sizes.journal_batches = unsigned_of(rows.integer());
  return sizes;
}

Result<std::vector<LogRow>> SqliteStore::ids(const LogId& log) {
  if (Status status = ensure_open(); !status) return status.error();
  const Result<Document> document = read_document(log);
  if (!document) return document.error();
  std::vector<LogRow> found;
  Status status = load_rows(*document, "Operation", document->ids, &found);
  if (!status) return status.error();
  return found;
}

Result<std::vector<LogRow>> SqliteStore::find_ids(const LogId& log,
                                                  std::span<const std::string> keys) {
  if (Status status = ensure_open(); !status) return status.error();
  const Result<Document> document = read_document(log);
  if (!document) return document.error();
  std::vector<LogRow> found;
  for (const std::string& key : keys) {
    const Statement::Step step = find_id_.bind(document->id).bind(std::string_view(key)).step();
    LogRow row{key, {}};
    bool whole = step == Statement::Step::Done;
    if (step == Statement::Step::Row) {
      const ByteSpan value = find_id_.bytes();
      row.value.assign(value.begin(), value.end());
      whole = row_checksum(document->id, row) == find_id_.integer();
      found.push_back(std::move(row));
    }
    find_id_.rewind();
    if (step == Statement::Step::Failed) return database_->fault(log.name);
    if (!whole) return document->damaged("its row " + key + " of Operation is damaged");
  }
  return found;
}

Result<DocumentInfo> SqliteStore::document(const LogId& log) {
  if (Status status = ensure_open(); !status) return status.error();
  const Result<Document> found = read_document(log);
  if (!found) return found.error();
  return DocumentInfo{log.name, unsigned_of(found->version), found->created_at, found->updated_at};
}

Result<std::vector<DocumentInfo>> SqliteStore::documents(const LogId& after, std::size_t limit) {
  if (Status status = ensure_open(); !status) return status.error();
  std::vector<DocumentInfo> found;
  for (auto at = documents_.upper_bound(after); at != documents_.end(); ++at) {
    if (at->first.schema != after.schema || found.size() == limit) break;
    Result<DocumentInfo> info = document(at->first);
    if (!info) return info.error();
    found.push_back(std::move(*info));
  }
  return found;
}

Result<std::vector<StoredBatch>> SqliteStore::batches(const LogId& log, std::uint64_t after,
                                                      std::size_t limit) {
  if (Status status = ensure_open(); !status) return status.error();
  std::vector<StoredBatch> found;
  const Result<Document> document = read_document(log);
  if (!document) return document.error();
  Statement rows = database_->prepare(
      "SELECT firstSeq,lastSeq,startTime,endTime,operations,chain,checksum FROM JournalBatch WHERE "
      "documentId=? AND firstSeq>? ORDER BY firstSeq LIMIT ?");
  rows.bind(document->id).bind(after).bind(std::uint64_t{limit});
  for (Statement::Step step; (step = rows.step()) != Statement::Step::Done;) {
    if (step == Statement::Step::Failed) return database_->fault(log.name);
    BatchRow row;
    const bool whole = row.read(rows, document->id);
    const BatchRange& range = row.range;
    StoredBatch one{unsigned_of(range.first_seq),
                    unsigned_of(range.last_seq),
                    range.start_time,
                    range.end_time,
                    {}};
    if (!whole || !split_entries(row.operations, one.entries))
      return document->damaged("its JournalBatch row " + std::to_string(range.first_seq) +
                               " is damaged");
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace vuer_rtc::server
