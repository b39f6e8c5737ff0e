#include "storage/sqlite_store.hpp"

#include <algorithm>
#include <cstring>

#include "storage/row_checksum.hpp"

namespace vuer_rtc::server {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS Document (id INTEGER PRIMARY KEY, schema TEXT NOT NULL,"
    " name TEXT NOT NULL, epoch TEXT NOT NULL, cleared TEXT NOT NULL, state BLOB NOT NULL,"
    " version INTEGER NOT NULL, lastSeq INTEGER NOT NULL, snapshotSeq INTEGER NOT NULL,"
    " ids INTEGER NOT NULL, authors INTEGER NOT NULL, base BLOB NOT NULL, chain BLOB NOT NULL,"
    " createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL, checksum INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS Snapshot (documentId INTEGER PRIMARY KEY, data BLOB NOT NULL,"
    " checksum INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS JournalBatch (documentId INTEGER NOT NULL,"
    " firstSeq INTEGER NOT NULL, lastSeq INTEGER NOT NULL, startTime INTEGER NOT NULL,"
    " endTime INTEGER NOT NULL, operations BLOB NOT NULL, chain BLOB NOT NULL,"
    " checksum INTEGER NOT NULL, PRIMARY KEY (documentId, firstSeq));"
    "CREATE TABLE IF NOT EXISTS Operation (documentId INTEGER NOT NULL, msgId TEXT NOT NULL,"
    " data BLOB NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY (documentId, msgId))"
    " WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS Author (documentId INTEGER NOT NULL, client TEXT NOT NULL,"
    " data BLOB NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY (documentId, client))"
    " WITHOUT ROWID;";

bool read_link(Statement& row, ChainLink& link) {
  const ByteSpan bytes = row.bytes();
  if (bytes.size() != link.size()) return false;
  std::copy(bytes.begin(), bytes.end(), link.begin());
  return true;
}

}  // namespace

/// Each entry with its length before it.
bool SqliteStore::split_entries(ByteSpan bytes, std::vector<Bytes>& out) {
  while (!bytes.empty()) {
    std::uint32_t size = 0;
    if (bytes.size() < sizeof size) return false;
    std::memcpy(&size, bytes.data(), sizeof size);
    bytes = bytes.subspan(sizeof size);
    if (bytes.size() < size) return false;
    out.emplace_back(bytes.begin(), bytes.begin() + size);
    bytes = bytes.subspan(size);
  }
  return true;
}

bool SqliteStore::BatchRow::read(Statement& row, std::int64_t document) {
  for (std::int64_t* one : {&range.first_seq, &range.last_seq, &range.start_time, &range.end_time})
    *one = row.integer();
  operations = row.bytes();
  return read_link(row, link) && batch_checksum(document, range, operations, link) == row.integer();
}

std::int64_t SqliteStore::Document::checksum() const {
  Checksum sum;
  sum.add(id).add(std::string_view(log.schema)).add(std::string_view(log.name));
  sum.add(std::string_view(epoch)).add(std::string_view(cleared)).add(ByteSpan(state));
  sum.add(version).add(last_seq).add(snapshot_seq).add(ids).add(authors);
  sum.add(ByteSpan(base)).add(ByteSpan(chain)).add(created_at).add(updated_at);
  return sum.value();
}

Error SqliteStore::Document::damaged(const std::string& what) const {
  return make_error(ErrorCode::Storage, log.schema + " " + log.name + ": " + what);
}

/// False when a field has another size than it ever had; `checksum` is the row's own.
bool SqliteStore::Document::read(Statement& row, std::int64_t& sum) {
  id = row.integer();
  log.schema = row.text();
  log.name = row.text();
  epoch = row.text();
  cleared = row.text();
  const ByteSpan bytes = row.bytes();
  state.assign(bytes.begin(), bytes.end());
  version = row.integer();
  last_seq = row.integer();
  snapshot_seq = row.integer();
  ids = row.integer();
  authors = row.integer();
  const bool whole = read_link(row, base) && read_link(row, chain);
  created_at = row.integer();
  updated_at = row.integer();
  sum = row.integer();
  return whole;
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path, WallClock clock,
                                                       Durability durability) {
  std::unique_ptr<SqliteStore> store(new SqliteStore(path, std::move(clock), durability));
  if (Status status = store->reopen(); !status) return status.error();
  return store;
}

/// Open and known, or closed: what was only half read must not be taken for what there is.
Status SqliteStore::reopen() {
  Result<std::unique_ptr<SqliteDatabase>> opened = SqliteDatabase::open(path_, durability_);
  if (!opened) return opened.error();
  database_ = std::move(*opened);
  Status status = check_format();
  if (status) status = prepare();
  if (status) status = find_documents();
  if (!status) close();
  return status;
}

void SqliteStore::close() {
  for (Statement* one : {&insert_batch_, &insert_id_, &find_id_, &find_author_, &set_author_,
                         &find_document_, &set_document_}) {
    *one = Statement();
  }
  database_.reset();
}

Status SqliteStore::check_format() {
  Statement version = database_->prepare("PRAGMA user_version");
  if (version.step() != Statement::Step::Row) return database_->fault("cannot read " + path_);
  const std::int64_t format = version.integer();
  if (format != 0 && format != kFormat) {
    return make_error(ErrorCode::Storage, path_ + " has format " + std::to_string(format) +
                                              ", this version reads " + std::to_string(kFormat));
  }
  version.rewind();
  if (format == 0 && !(database_->execute(kSchema) && database_->execute(kSetFormat)))
    return database_->fault("cannot create tables in " + path_);
  return {};
}

Status SqliteStore::prepare() {
  insert_batch_ = database_->prepare("INSERT INTO JournalBatch VALUES (?,?,?,?,?,?,?,?)");
  insert_id_ = database_->prepare("INSERT INTO Operation VALUES (?,?,?,?)");
  find_id_ =
      database_->prepare("SELECT data,checksum FROM Operation WHERE documentId=? AND msgId=?");
  find_author_ = database_->prepare("SELECT 1 FROM Author WHERE documentId=? AND client=?");
  set_author_ = database_->prepare("INSERT OR REPLACE INTO Author VALUES (?,?,?,?)");
  find_document_ = database_->prepare("SELECT * FROM Document WHERE id=?");
  set_document_ = database_->prepare(
      "INSERT OR REPLACE INTO Document VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  const bool ready = insert_batch_.ready() && insert_id_.ready() && find_id_.ready() &&
                     find_author_.ready() && set_author_.ready() && find_document_.ready() &&
                     set_document_.ready();
  return ready ? Status() : Status(database_->fault("cannot read " + path_));
}

/// Which logs there are. Documents are numbered without gap and never deleted, so a row that is
/// missing or damaged shows; then no unknown name is taken for a new log.
Status SqliteStore::find_documents() {
  documents_.clear();
  lost_documents_.clear();
  std::int64_t rows = 0;
  Statement all = database_->prepare("SELECT * FROM Document ORDER BY id");
  for (Statement::Step step; (step = all.step()) != Statement::Step::Done; ++rows) {
    if (step == Statement::Step::Failed) return database_->fault("cannot read " + path_);
    Document document;
    std::int64_t checksum = 0;
    const bool whole = document.read(all, checksum) && document.checksum() == checksum;
    if (whole) documents_[document.log] = document.id;
    if (!whole) {
      lost_documents_ = "Document row " + std::to_string(rows + 1) + " is damaged";
    } else if (document.id != rows + 1) {
      lost_documents_ = "Document row " + std::to_string(rows + 1) + " is missing";
      rows = document.id - 1;
    }
  }
  if (!mark_file_ && durability_ == Durability::Full) {
    mark_file_ = std::make_unique<MarkFile>(path_ + std::string(kMarkSuffix));
    older_documents_ = mark_file_->older_documents(rows);
    for (const Mark& mark : mark_file_->read()) marks_[mark.document] = mark;
  }
  if (!marks_.empty() && marks_.rbegin()->first > rows)
    lost_documents_ = "it ends before Document row " + std::to_string(marks_.rbegin()->first) +
                      ", which the mark file has";
  next_document_ = rows + 1;
  return {};
}

std::vector<LogId> SqliteStore::logs() const {
  std::vector<LogId> found;
  for (const auto& [log, id] : documents_) found.push_back(log);
  return found;
}

std::vector<std::string> SqliteStore::page_faults() {
  std::vector<std::string> faults;
  if (!lost_documents_.empty()) faults.push_back(path_ + ": " + lost_documents_);
  Statement rows = database_->prepare("PRAGMA integrity_check");
  Statement::Step step;
  while ((step = rows.step()) == Statement::Step::Row) {
    if (std::string fault = rows.text(); fault != "ok") faults.push_back(path_ + ": " + fault);
  }
  if (step == Statement::Step::Failed) faults.push_back(database_->fault(path_).text);
  return faults;
}

Status SqliteStore::ensure_open() { return database_ ? Status() : reopen(); }

Result<LogContent> SqliteStore::load(const LogId& log) {
  if (Status status = ensure_open(); !status) return status.error();
  Result<Document> document = read_document(log);
  if (!document) return document.error();
  LogContent content;
  if (document->id == 0) return content;
  if (Status status = compare_with_mark(*document); !status) return status.error();
  if (renames_ && document->id <= older_documents_ && !marks_.contains(document->id)) {
    if (Status status = rename_epoch(*document); !status) return status.error();
  }
  content.epoch = document->epoch;
  for (std::size_t at = 0, end; (end = document->cleared.find('\n', at)) != std::string::npos;
       at = end + 1) {
    content.cleared.push_back(document->cleared.substr(at, end - at));
  }
  content.state = document->state;
  content.last_seq = static_cast<std::uint64_t>(document->last_seq);
  if (Status status = load_snapshot(*document, content); !status) return status.error();
  if (Status status = load_entries(*document, content); !status) return status.error();
  Status rows = load_rows(*document, "Operation", document->ids, nullptr);
  if (rows) rows = load_rows(*document, "Author", document->authors, &content.authors);
  if (!rows) return rows.error();
  return content;
}

Result<SqliteStore::Document> SqliteStore::read_document(const LogId& log) {
  Document document;
  document.log = log;
  const auto known = documents_.find(log);
  if (known == documents_.end()) {
    if (lost_documents_.empty()) return document;
    return document.damaged("is not in the database, of which " + lost_documents_);
  }
  const Statement::Step step = find_document_.bind(known->second).step();
  std::int64_t checksum = 0;
  const bool whole = step == Statement::Step::Row && document.read(find_document_, checksum);
  find_document_.rewind();
  if (step == Statement::Step::Failed) return database_->fault(log.schema + " " + log.name);
  if (!whole || document.checksum() != checksum || document.log != log) {
    document.log = log;
    return document.damaged("its Document row is damaged");
  }
  return document;
}

Status SqliteStore::compare_with_mark(const Document& document) const {
  const auto at = marks_.find(document.id);
  if (at == marks_.end() || at->second.version < document.version) return {};
  const Mark& mark = at->second;
  if (mark.version == document.version && mark.chain == document.chain) return {};
  return document.damaged("the log ends at write " + std::to_string(document.version) +
                          ", serverSeq " + std::to_string(document.last_seq) +
                          "; the mark file has seen write " + std::to_string(mark.version) +
                          ", serverSeq " + std::to_string(mark.last_seq) +
                          "; after the return of a backup remove the mark file");
}

Status SqliteStore::load_snapshot(const Document& document, LogContent& content) {
  Statement rows = database_->prepare("SELECT data,checksum FROM Snapshot WHERE documentId=?");
  const Statement::Step step = rows.bind(document.id).step();
  if (step == Statement::Step::Failed) return database_->fault(document.log.name);
  if ((step == Statement::Step::Row) != (document.snapshot_seq != kNoSnapshot))
    return document.damaged("its Snapshot row is missing");
  if (step == Statement::Step::Done) return {};
  const ByteSpan data = rows.bytes();
  content.snapshot.assign(data.begin(), data.end());
  const bool whole = snapshot_checksum(document.id, content.snapshot) == rows.integer();
  return whole ? Status() : Status(document.damaged("its Snapshot row is damaged"));
}

/// The first row may hold what was left of the journal when the snapshot was written; the others
/// follow without gap, in numbers and in the chain.
Status SqliteStore::load_entries(const Document& document, LogContent& content) {
  Statement rows = database_->prepare(
      "SELECT firstSeq,lastSeq,startTime,endTime,operations,chain,checksum FROM JournalBatch WHERE "
      "documentId=? ORDER BY firstSeq");
  rows.bind(document.id);
  std::int64_t reached = std::max<std::int64_t>(document.snapshot_seq, 0);
  ChainLink chain = document.base;
  for (bool first_row = true;; first_row = false) {
    const Statement::Step step = rows.step();
    if (step == Statement::Step::Failed) return database_->fault(document.log.name);
    if (step == Statement::Step::Done) break;
    BatchRow row;
    const bool whole = row.read(rows, document.id);
    const BatchRange& range = row.range;
    const std::string name = "its JournalBatch row " + std::to_string(range.first_seq);
    if (!whole) return document.damaged(name + " is damaged");
    const bool rest = first_row && range.last_seq == document.snapshot_seq;
    if ((!rest && range.first_seq != reached + 1) || range.last_seq < range.first_seq)
      return document.damaged("the JournalBatch row before " + std::to_string(range.first_seq) +
                              " is missing");
    if (row.link != next_link(chain, range, row.operations) ||
        !split_entries(row.operations, content.entries))
      return document.damaged(name + " does not follow the one before");
    reached = range.last_seq;
    if (!rest) chain = row.link;
  }
  if (reached == document.last_seq && chain == document.chain) return {};
  return document.damaged("its JournalBatch rows end at " + std::to_string(reached) +
                          " and not at " + std::to_string(document.last_seq));
}

Status SqliteStore::load_rows(const Document& document, const char* table, std::int64_t expected,
                              std::vector<LogRow>* found) {
  const std::string sql = std::string("SELECT * FROM ") + table + " WHERE documentId=?";
  Statement rows = database_->prepare(sql.c_str());
  rows.bind(document.id);
  std::int64_t count = 0;
  for (Statement::Step step; (step = rows.step()) != Statement::Step::Done; ++count) {
    if (step == Statement::Step::Failed) return database_->fault(document.log.name);
    LogRow row;
    const std::int64_t owner = rows.integer();
    row.key = rows.text();
    const ByteSpan value = rows.bytes();
    row.value.assign(value.begin(), value.end());
    if (row_checksum(owner, row) != rows.integer())
      return document.damaged("its row " + row.key + " of " + table + " is damaged");
    if (found != nullptr) found->push_back(std::move(row));
  }
  if (count == expected) return {};
  return document.damaged("it has " + std::to_string(count) + " rows of " + table + " and not " +
                          std::to_string(expected));
}

}  // namespace vuer_rtc::server
