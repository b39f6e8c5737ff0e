#include "storage/sqlite_store.hpp"

#include "storage/row_checksum.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::int64_t kFormat = 1;

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS Document (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch "
    "TEXT NOT NULL,"
    " cleared TEXT NOT NULL, stable INTEGER NOT NULL, lastSeq INTEGER NOT NULL, foldedSeq INTEGER "
    "NOT NULL,"
    " snapshotSeq INTEGER NOT NULL, authors INTEGER NOT NULL, createdAt INTEGER NOT NULL,"
    " updatedAt INTEGER NOT NULL, checksum INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS Snapshot (documentId INTEGER PRIMARY KEY, data BLOB NOT NULL,"
    " checksum INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS JournalBatch (documentId INTEGER NOT NULL, firstSeq INTEGER NOT "
    "NULL,"
    " lastSeq INTEGER NOT NULL, startTime INTEGER NOT NULL, endTime INTEGER NOT NULL, operations "
    "BLOB NOT NULL,"
    " checksum INTEGER NOT NULL, PRIMARY KEY (documentId, firstSeq));"
    "CREATE TABLE IF NOT EXISTS Operation (documentId INTEGER NOT NULL, msgId TEXT NOT NULL,"
    " serverSeq INTEGER NOT NULL, lamportTime INTEGER NOT NULL, stable INTEGER NOT NULL, content "
    "BLOB NOT NULL,"
    " checksum INTEGER NOT NULL, PRIMARY KEY (documentId, msgId)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS Author (documentId INTEGER NOT NULL, client TEXT NOT NULL, number "
    "INTEGER NOT NULL,"
    " lamportTime INTEGER NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY (documentId, client)) "
    "WITHOUT ROWID;"
    "PRAGMA user_version=1;";

Error damaged(const std::string& room, const std::string& what) {
  return make_error(ErrorCode::Storage, "room " + room + ": " + what + " is damaged");
}

bool split_messages(ByteSpan bytes, std::vector<Bytes>& out) {
  MsgReader reader(bytes);
  while (!reader.at_end()) {
    ByteSpan message;
    if (!reader.read_raw(message)) return false;
    out.emplace_back(message.begin(), message.end());
  }
  return true;
}

}  // namespace

std::int64_t SqliteStore::Document::checksum() const {
  Checksum sum;
  sum.add(std::string_view(name))
      .add(std::string_view(epoch))
      .add(std::string_view(cleared))
      .add(stable);
  sum.add(last_seq).add(folded_seq).add(snapshot_seq).add(authors).add(created_at).add(updated_at);
  return sum.value();
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path, WallClock clock) {
  std::unique_ptr<SqliteStore> store(new SqliteStore(path, std::move(clock)));
  if (Status status = store->reopen(); !status) return status.error();
  return store;
}

Status SqliteStore::reopen() {
  Result<std::unique_ptr<SqliteDatabase>> opened = SqliteDatabase::open(path_);
  if (!opened) return opened.error();
  database_ = std::move(*opened);
  Statement version = database_->prepare("PRAGMA user_version");
  if (version.step() != Statement::Step::Row) return database_->fault("cannot read " + path_);
  const std::int64_t format = version.integer();
  if (format != 0 && format != kFormat)
    return make_error(ErrorCode::Storage, path_ + " has another format");
  version.rewind();
  if (format == 0 && !database_->execute(kSchema))
    return database_->fault("cannot create tables in " + path_);
  return prepare();
}

Status SqliteStore::prepare() {
  insert_batch_ = database_->prepare("INSERT INTO JournalBatch VALUES (?,?,?,?,?,?,?)");
  insert_operation_ = database_->prepare("INSERT INTO Operation VALUES (?,?,?,?,?,?,?)");
  find_author_ = database_->prepare("SELECT 1 FROM Author WHERE documentId=? AND client=?");
  set_author_ = database_->prepare("INSERT OR REPLACE INTO Author VALUES (?,?,?,?,?)");
  find_document_ = database_->prepare(
      "SELECT "
      "id,name,epoch,cleared,stable,lastSeq,foldedSeq,snapshotSeq,authors,createdAt,updatedAt,"
      "checksum"
      " FROM Document WHERE name=?");
  set_document_ = database_->prepare(
      "INSERT INTO Document "
      "(name,epoch,cleared,stable,lastSeq,foldedSeq,snapshotSeq,authors,createdAt,updatedAt,"
      "checksum) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT(name) DO UPDATE SET "
      "epoch=?2,cleared=?3,"
      "stable=?4,lastSeq=?5,foldedSeq=?6,snapshotSeq=?7,authors=?8,createdAt=?9,updatedAt=?10,"
      "checksum=?11");
  const bool ready = insert_batch_.ready() && insert_operation_.ready() && find_author_.ready() &&
                     set_author_.ready() && find_document_.ready() && set_document_.ready();
  return ready ? Status() : Status(database_->fault("cannot read " + path_));
}

Status SqliteStore::ensure_open() { return database_ ? Status() : reopen(); }

Result<RoomRecord> SqliteStore::load(const std::string& room) {
  if (Status status = ensure_open(); !status) return status.error();
  Result<Document> document = read_document(room);
  if (!document) return document.error();
  RoomRecord record;
  if (document->id == 0) return record;
  record.epoch = document->epoch;
  for (std::size_t at = 0, end; (end = document->cleared.find('\n', at)) != std::string::npos;
       at = end + 1) {
    record.cleared.push_back(document->cleared.substr(at, end - at));
  }
  record.stable = document->stable;
  record.last_seq = static_cast<std::uint64_t>(document->last_seq);
  record.folded_seq = static_cast<std::uint64_t>(document->folded_seq);
  if (Status status = load_snapshot(*document, record); !status) return status.error();
  if (Status status = load_journal(*document, record); !status) return status.error();
  if (Status status = load_accepted(*document, record); !status) return status.error();
  if (Status status = load_authors(*document, record); !status) return status.error();
  return record;
}

Result<SqliteStore::Document> SqliteStore::read_document(const std::string& room) {
  Document document;
  const Statement::Step step = find_document_.bind(std::string_view(room)).step();
  std::int64_t checksum = 0;
  if (step == Statement::Step::Row) {
    document.id = find_document_.integer();
    document.name = find_document_.text();
    document.epoch = find_document_.text();
    document.cleared = find_document_.text();
    document.stable = find_document_.integer();
    document.last_seq = find_document_.integer();
    document.folded_seq = find_document_.integer();
    document.snapshot_seq = find_document_.integer();
    document.authors = find_document_.integer();
    document.created_at = find_document_.integer();
    document.updated_at = find_document_.integer();
    checksum = find_document_.integer();
  }
  find_document_.rewind();
  if (step == Statement::Step::Failed) return database_->fault("room " + room);
  if (document.id != 0 && document.checksum() != checksum) return damaged(room, "Document row");
  document.name = room;
  return document;
}

Status SqliteStore::load_snapshot(const Document& document, RoomRecord& record) {
  Statement rows = database_->prepare("SELECT data,checksum FROM Snapshot WHERE documentId=?");
  const Statement::Step step = rows.bind(document.id).step();
  if (step == Statement::Step::Failed) return database_->fault("room " + document.name);
  if ((step == Statement::Step::Row) != (document.stable != kNoLine))
    return damaged(document.name, "Snapshot row");
  if (step == Statement::Step::Done) return {};
  const ByteSpan data = rows.bytes();
  record.snapshot.assign(data.begin(), data.end());
  if (snapshot_checksum(document.id, record.snapshot) != rows.integer()) {
    return damaged(document.name, "Snapshot row");
  }
  return {};
}

/// The first row may hold what was left of the journal when the snapshot was written; the others
/// follow without gap.
Status SqliteStore::load_journal(const Document& document, RoomRecord& record) {
  Statement rows = database_->prepare(
      "SELECT firstSeq,lastSeq,startTime,endTime,operations,checksum FROM JournalBatch WHERE "
      "documentId=?"
      " ORDER BY firstSeq");
  rows.bind(document.id);
  std::int64_t reached = document.snapshot_seq;
  bool first_row = true;
  for (;; first_row = false) {
    const Statement::Step step = rows.step();
    if (step == Statement::Step::Failed) return database_->fault("room " + document.name);
    if (step == Statement::Step::Done) break;
    const std::int64_t first = rows.integer(), last = rows.integer(), start = rows.integer(),
                       end = rows.integer();
    const ByteSpan operations = rows.bytes();
    const std::string name = "JournalBatch row " + std::to_string(first);
    if (batch_checksum(document.id, {first, last, start, end}, operations) != rows.integer()) {
      return damaged(document.name, name);
    }
    const bool rest = first_row && last == document.snapshot_seq && first <= last;
    if (!rest && (first != reached + 1 || last < first)) return damaged(document.name, name);
    reached = last;
    if (!split_messages(operations, record.journal)) return damaged(document.name, name);
  }
  if (reached != document.last_seq) return damaged(document.name, "end of the JournalBatch rows");
  return {};
}

Status SqliteStore::load_accepted(const Document& document, RoomRecord& record) {
  Statement rows = database_->prepare(
      "SELECT msgId,serverSeq,lamportTime,stable,content,checksum FROM Operation WHERE "
      "documentId=?");
  rows.bind(document.id);
  for (Statement::Step step; (step = rows.step()) != Statement::Step::Done;) {
    if (step == Statement::Step::Failed) return database_->fault("room " + document.name);
    AcceptedMessage one;
    one.id = rows.text();
    one.server_seq = static_cast<std::uint64_t>(rows.integer());
    one.lt = static_cast<std::uint64_t>(rows.integer());
    one.stable = rows.integer();
    const ByteSpan content = rows.bytes();
    const bool whole = content.size() == one.content.size();
    if (whole) std::copy(content.begin(), content.end(), one.content.begin());
    if (!whole || operation_checksum(document.id, one) != rows.integer()) {
      return damaged(document.name, "Operation row " + one.id);
    }
    record.accepted.push_back(std::move(one));
  }
  const bool complete = signed_of(record.accepted.size()) == document.last_seq;
  return complete ? Status()
                  : Status(damaged(document.name, "the Operation table (rows are missing)"));
}

Status SqliteStore::load_authors(const Document& document, RoomRecord& record) {
  Statement rows = database_->prepare(
      "SELECT client,number,lamportTime,checksum FROM Author WHERE documentId=?");
  rows.bind(document.id);
  for (Statement::Step step; (step = rows.step()) != Statement::Step::Done;) {
    if (step == Statement::Step::Failed) return database_->fault("room " + document.name);
    AuthorRecord one;
    one.client = rows.text();
    one.number = static_cast<std::uint64_t>(rows.integer());
    one.lt = static_cast<std::uint64_t>(rows.integer());
    if (author_checksum(document.id, one) != rows.integer()) {
      return damaged(document.name, "Author row " + one.client);
    }
    record.authors.push_back(std::move(one));
  }
  const bool complete = signed_of(record.authors.size()) == document.authors;
  return complete ? Status()
                  : Status(damaged(document.name, "the Author table (rows are missing)"));
}

Result<StoreCounts> SqliteStore::count() {
  if (Status status = ensure_open(); !status) return status.error();
  StoreCounts counts;
  Statement rows = database_->prepare(
      "SELECT (SELECT count(*) FROM Document),(SELECT sum(lastSeq) FROM Document),(SELECT count(*) "
      "FROM JournalBatch)");
  if (rows.step() != Statement::Step::Row) return database_->fault("count");
  counts.documents = static_cast<std::uint64_t>(rows.integer());
  counts.operations = static_cast<std::uint64_t>(rows.integer());
  counts.journal_batches = static_cast<std::uint64_t>(rows.integer());
  return counts;
}

}  // namespace vuer_rtc::server
