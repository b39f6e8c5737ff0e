// The writing half of SqliteStore: one transaction for all commits of a call.
#include "storage/row_checksum.hpp"
#include "storage/sqlite_store.hpp"

namespace vuer_rtc::server {
namespace {

Bytes join_entries(std::span<const Bytes> entries) {
  Bytes out;
  for (const Bytes& entry : entries) {
    const auto size = static_cast<std::uint32_t>(entry.size());
    const auto* head = reinterpret_cast<const std::uint8_t*>(&size);
    out.insert(out.end(), head, head + sizeof size);
    out.insert(out.end(), entry.begin(), entry.end());
  }
  return out;
}

}  // namespace

/// Whatever fails, the next reader starts from what is on disk and not from this connection's
/// cache.
Status SqliteStore::run_transaction(const std::function<Status()>& writes) {
  if (Status status = ensure_open(); !status) return status;
  Status status;
  changed_.clear();
  if (!database_->execute("BEGIN IMMEDIATE")) status = database_->fault("begin");
  if (status) status = writes();
  if (status && !database_->execute("COMMIT")) status = database_->fault("commit");
  if (status) {
    leave_marks();
    return status;
  }
  database_->execute("ROLLBACK");
  close();
  return status;
}

void SqliteStore::leave_marks() {
  for (const auto& [document, mark] : changed_) {
    marks_[document] = mark;
    if (mark_file_) mark_file_->write(mark);
  }
}

Status SqliteStore::commit(std::span<const LogCommit> commits) {
  return run_transaction([&]() -> Status {
    for (const LogCommit& one : commits) {
      if (Status written = write(one); !written) return written;
    }
    return {};
  });
}

/// No mark vouches that this is where the log had come to: it may be a backup, and clients may know
/// another history behind it. Under another name of the data they compare instead of going on.
Status SqliteStore::rename_epoch(Document& document) {
  return run_transaction([&]() -> Status {
    document.epoch = random_epoch();
    return write_changed(document);
  });
}

/// The number of the format is written again as it is: a page, a log record and a sync.
Status SqliteStore::probe() {
  return run_transaction([&]() -> Status {
    const bool written = database_->execute(kSetFormat);
    return written ? Status() : Status(database_->fault("probe"));
  });
}

Status SqliteStore::write(const LogCommit& commit) {
  Result<Document> document = read_document(commit.log);
  if (!document) return document.error();
  document->updated_at = clock_();
  if (document->id == 0) {
    document->created_at = document->updated_at;
    document->id = documents_[commit.log] = next_document_++;
  }
  Status status = std::visit([&](const auto& one) { return write(*document, one); }, commit.write);
  return status ? write_changed(*document) : status;
}

Status SqliteStore::write_changed(Document& document) {
  ++document.version;
  changed_[document.id] = {document.id, document.version, document.last_seq, document.chain};
  return write_document(document);
}

Status SqliteStore::write(Document& document, const LogAppend& append) {
  const bool same_epoch = document.version == 0 || document.epoch == append.epoch;
  if (!same_epoch || signed_of(append.first_seq) != document.last_seq + 1) return does_not_follow();
  document.epoch = append.epoch;
  document.last_seq = signed_of(append.last_seq);
  const BatchRange range{signed_of(append.first_seq), document.last_seq, append.start_time,
                         append.end_time};
  const Bytes entries = join_entries(append.entries);
  document.chain = next_link(document.chain, range, entries);
  Status status = write_batch(document, range, entries, document.chain);
  for (std::size_t i = 0; i < append.ids.size() && status; ++i)
    status = write_row(insert_id_, document, append.ids[i]);
  document.ids += signed_of(append.ids.size());
  for (std::size_t i = 0; i < append.authors.size() && status; ++i)
    status = write_author(document, append.authors[i]);
  return status;
}

Status SqliteStore::write(Document& document, const LogSnapshot& snapshot) {
  if (document.version == 0 || document.epoch != snapshot.epoch ||
      document.last_seq != signed_of(snapshot.last_seq))
    return does_not_follow();
  Statement replace = database_->prepare("INSERT OR REPLACE INTO Snapshot VALUES (?,?,?)");
  const std::int64_t checksum = snapshot_checksum(document.id, snapshot.snapshot);
  if (!replace.bind(document.id).bind(ByteSpan(snapshot.snapshot)).bind(checksum).run())
    return database_->fault(document.log.name);
  if (Status status = delete_from("JournalBatch", document); !status) return status;
  document.state = snapshot.state;
  document.snapshot_seq = document.last_seq;
  document.base = document.chain;
  if (snapshot.rest.empty()) return {};
  const BatchRange range{signed_of(snapshot.first_rest_seq), document.last_seq, document.updated_at,
                         document.updated_at};
  const Bytes entries = join_entries(snapshot.rest);
  return write_batch(document, range, entries, next_link(document.base, range, entries));
}

Status SqliteStore::write(Document& document, const LogClear& clear) {
  for (const char* table : {"JournalBatch", "Operation", "Snapshot"}) {
    if (Status status = delete_from(table, document); !status) return status;
  }
  if (!document.epoch.empty()) document.cleared += document.epoch + "\n";
  document.epoch = clear.epoch;
  document.state.clear();
  document.last_seq = document.ids = 0;
  document.snapshot_seq = kNoSnapshot;
  document.base = document.chain;
  return {};
}

Status SqliteStore::write_document(Document& document) {
  set_document_.bind(document.id)
      .bind(std::string_view(document.log.schema))
      .bind(std::string_view(document.log.name))
      .bind(std::string_view(document.epoch))
      .bind(std::string_view(document.cleared))
      .bind(ByteSpan(document.state))
      .bind(document.version)
      .bind(document.last_seq)
      .bind(document.snapshot_seq)
      .bind(document.ids)
      .bind(document.authors)
      .bind(ByteSpan(document.base))
      .bind(ByteSpan(document.chain))
      .bind(document.created_at)
      .bind(document.updated_at);
  const bool done = set_document_.bind(document.checksum()).run();
  return done ? Status() : Status(database_->fault(document.log.name));
}

Status SqliteStore::write_batch(const Document& document, const BatchRange& range, ByteSpan entries,
                                const ChainLink& link) {
  insert_batch_.bind(document.id)
      .bind(range.first_seq)
      .bind(range.last_seq)
      .bind(range.start_time)
      .bind(range.end_time)
      .bind(entries)
      .bind(ByteSpan(link));
  const bool done = insert_batch_.bind(batch_checksum(document.id, range, entries, link)).run();
  return done ? Status() : Status(database_->fault(document.log.name));
}

Status SqliteStore::write_row(Statement& into, const Document& document, const LogRow& row) {
  into.bind(document.id).bind(std::string_view(row.key)).bind(ByteSpan(row.value));
  const bool done = into.bind(row_checksum(document.id, row)).run();
  return done ? Status() : Status(database_->fault(document.log.name));
}

Status SqliteStore::write_author(Document& document, const LogRow& author) {
  const Statement::Step found =
      find_author_.bind(document.id).bind(std::string_view(author.key)).step();
  find_author_.rewind();
  if (found == Statement::Step::Failed) return database_->fault(document.log.name);
  if (found == Statement::Step::Done) ++document.authors;
  return write_row(set_author_, document, author);
}

Status SqliteStore::delete_from(const char* table, const Document& document) {
  const std::string sql = std::string("DELETE FROM ") + table + " WHERE documentId=?";
  Statement rows = database_->prepare(sql.c_str());
  const bool done = rows.bind(document.id).run();
  return done ? Status() : Status(database_->fault(document.log.name));
}

}  // namespace vuer_rtc::server
