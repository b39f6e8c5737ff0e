// The writing half of SqliteStore: one transaction for all commits of a call.
#include <chrono>

#include "storage/row_checksum.hpp"
#include "storage/sqlite_store.hpp"

namespace vuer_rtc::server {
namespace {

Error does_not_follow(const std::string& room) {
  return make_error(ErrorCode::Internal,
                    "room " + room + ": the write does not follow what is stored");
}

}  // namespace

std::int64_t system_wall_time() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

Status SqliteStore::commit(std::span<const RoomCommit> commits) {
  if (Status status = ensure_open(); !status) return status;
  Status status;
  if (!database_->execute("BEGIN IMMEDIATE")) status = database_->fault("begin");
  for (std::size_t i = 0; i < commits.size() && status; ++i) status = write(commits[i]);
  if (status && !database_->execute("COMMIT")) status = database_->fault("commit");
  if (!status) {
    // Whatever failed, the next reader starts from what is on disk and not from this connection's
    // cache.
    database_->execute("ROLLBACK");
    for (Statement* one : {&insert_batch_, &insert_operation_, &find_author_, &set_author_,
                           &find_document_, &set_document_}) {
      *one = Statement();
    }
    database_.reset();
  }
  return status;
}

Status SqliteStore::write(const RoomCommit& commit) {
  Result<Document> document = read_document(commit.room);
  if (!document) return document.error();
  document->updated_at = clock_();
  if (document->id == 0) document->created_at = document->updated_at;
  return std::visit([&](const auto& one) { return write(*document, one); }, commit.write);
}

Status SqliteStore::write(Document& document, const AppendBatch& batch) {
  const bool same_epoch = document.id == 0 || document.epoch == batch.epoch;
  if (!same_epoch || signed_of(batch.first_seq) != document.last_seq + 1)
    return does_not_follow(document.name);
  document.epoch = batch.epoch;
  document.last_seq = signed_of(batch.last_seq);
  if (document.id == 0) {
    if (Status status = write_document(document); !status) return status;
  }
  Status status = write_batch(document, batch.first_seq, batch.last_seq, batch.start_time,
                              batch.end_time, batch.messages);
  for (std::size_t i = 0; i < batch.accepted.size() && status; ++i) {
    const AcceptedMessage& one = batch.accepted[i];
    insert_operation_.bind(document.id)
        .bind(std::string_view(one.id))
        .bind(one.server_seq)
        .bind(one.lt);
    insert_operation_.bind(one.stable)
        .bind(ByteSpan(one.content))
        .bind(operation_checksum(document.id, one));
    if (!insert_operation_.run()) status = database_->fault("room " + document.name);
  }
  for (std::size_t i = 0; i < batch.authors.size() && status; ++i)
    status = write_author(document, batch.authors[i]);
  return status ? write_document(document) : status;
}

Status SqliteStore::write(Document& document, const SnapshotWrite& snapshot) {
  if (document.id == 0 || document.epoch != snapshot.epoch ||
      document.last_seq != signed_of(snapshot.last_seq)) {
    return does_not_follow(document.name);
  }
  Statement replace = database_->prepare("INSERT OR REPLACE INTO Snapshot VALUES (?,?,?)");
  const std::int64_t checksum = snapshot_checksum(document.id, snapshot.snapshot);
  if (!replace.bind(document.id).bind(ByteSpan(snapshot.snapshot)).bind(checksum).run()) {
    return database_->fault("room " + document.name);
  }
  if (Status status = delete_from("JournalBatch", document); !status) return status;
  document.stable = snapshot.stable;
  document.folded_seq = signed_of(snapshot.folded_seq);
  document.snapshot_seq = document.last_seq;
  if (!snapshot.rest.empty()) {
    Status status = write_batch(document, snapshot.first_rest_seq, snapshot.last_seq,
                                document.updated_at, document.updated_at, snapshot.rest);
    if (!status) return status;
  }
  return write_document(document);
}

Status SqliteStore::write(Document& document, const ClearWrite& clear) {
  if (document.id != 0) {
    for (const char* table : {"JournalBatch", "Operation", "Snapshot"}) {
      if (Status status = delete_from(table, document); !status) return status;
    }
    document.cleared += document.epoch + "\n";
  }
  document.epoch = clear.epoch;
  document.stable = kNoLine;
  document.last_seq = document.folded_seq = document.snapshot_seq = 0;
  return write_document(document);
}

Status SqliteStore::write_document(Document& document) {
  set_document_.bind(std::string_view(document.name)).bind(std::string_view(document.epoch));
  set_document_.bind(std::string_view(document.cleared))
      .bind(document.stable)
      .bind(document.last_seq);
  set_document_.bind(document.folded_seq).bind(document.snapshot_seq).bind(document.authors);
  set_document_.bind(document.created_at).bind(document.updated_at).bind(document.checksum());
  if (!set_document_.run()) return database_->fault("room " + document.name);
  if (document.id != 0) return {};
  Result<Document> stored = read_document(document.name);
  if (!stored) return stored.error();
  document.id = stored->id;
  return {};
}

Status SqliteStore::write_batch(const Document& document, std::uint64_t first, std::uint64_t last,
                                std::int64_t start, std::int64_t end,
                                std::span<const Bytes> messages) {
  Bytes operations;
  for (const Bytes& message : messages)
    operations.insert(operations.end(), message.begin(), message.end());
  const std::int64_t checksum =
      batch_checksum(document.id, {signed_of(first), signed_of(last), start, end}, operations);
  insert_batch_.bind(document.id)
      .bind(first)
      .bind(last)
      .bind(start)
      .bind(end)
      .bind(ByteSpan(operations));
  if (!insert_batch_.bind(checksum).run()) return database_->fault("room " + document.name);
  return {};
}

Status SqliteStore::write_author(Document& document, const AuthorRecord& author) {
  const Statement::Step found =
      find_author_.bind(document.id).bind(std::string_view(author.client)).step();
  find_author_.rewind();
  if (found == Statement::Step::Failed) return database_->fault("room " + document.name);
  if (found == Statement::Step::Done) ++document.authors;
  set_author_.bind(document.id)
      .bind(std::string_view(author.client))
      .bind(author.number)
      .bind(author.lt);
  if (!set_author_.bind(author_checksum(document.id, author)).run())
    return database_->fault("room " + document.name);
  return {};
}

Status SqliteStore::delete_from(const char* table, const Document& document) {
  const std::string sql = std::string("DELETE FROM ") + table + " WHERE documentId=?";
  Statement rows = database_->prepare(sql.c_str());
  if (!rows.bind(document.id).run()) return database_->fault("room " + document.name);
  return {};
}

}  // namespace vuer_rtc::server
