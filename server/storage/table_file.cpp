#include "storage/table_file.hpp"

#include <algorithm>

#include "auth/base64url.hpp"
#include "log.hpp"

namespace vuer_rtc::server {
namespace {

using namespace table;

constexpr std::int64_t kSchema = 1;

constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS crdt_site_id (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS crdt_db_version (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS crdt_changes (
  "table" TEXT NOT NULL, pk TEXT NOT NULL, cid TEXT NOT NULL, val, val_type INTEGER NOT NULL,
  col_version INTEGER NOT NULL, db_version INTEGER NOT NULL, site_id TEXT NOT NULL,
  cl INTEGER NOT NULL DEFAULT 1, seq INTEGER NOT NULL DEFAULT 0, writer TEXT,
  writer_version INTEGER, PRIMARY KEY ("table", pk, cid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS crdt_changes_version ON crdt_changes (db_version, seq);
CREATE INDEX IF NOT EXISTS crdt_changes_site ON crdt_changes (site_id, db_version);
CREATE TABLE IF NOT EXISTS crdt_rows (
  "table" TEXT NOT NULL, pk TEXT NOT NULL, cl INTEGER NOT NULL, highest INTEGER NOT NULL,
  late INTEGER NOT NULL, PRIMARY KEY ("table", pk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS crdt_seen (
  "table" TEXT NOT NULL, pk TEXT NOT NULL, site_id TEXT NOT NULL, db_version INTEGER NOT NULL,
  PRIMARY KEY ("table", pk, site_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS crdt_tracked_peers (
  site_id TEXT NOT NULL, version INTEGER NOT NULL, tag INTEGER NOT NULL DEFAULT 0,
  event INTEGER NOT NULL, PRIMARY KEY (site_id, tag, event)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS crdt_meta (key TEXT PRIMARY KEY, value);
)";

constexpr const char* kPutMeta = "INSERT OR REPLACE INTO crdt_meta VALUES (?,?)";

/// The types of section 3.1.
constexpr std::int64_t kInteger = 1, kFloat = 2, kText = 3, kNull = 5;

constexpr std::string_view kNode = "node:";
constexpr std::size_t kPlainBytes = 12;  // 16 characters

Statement& bind_value(Statement& into, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value))
    return into.bind(std::string_view(*text)).bind(kText);
  if (const auto* real = std::get_if<double>(&value)) return into.bind(*real).bind(kFloat);
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return into.bind(*whole).bind(kInteger);
  return into.bind_null().bind(kNull);
}

/// Of the columns val and val_type, in the order `val_type, val`.
Value read_value(Statement& row) {
  switch (row.integer()) {
    case kInteger:
      return row.integer();
    case kFloat:
      return row.real();
    case kText:
      return row.text();
    default:
      row.integer();
      return {};
  }
}

/// Names of tables and columns are letters, digits and underscores (section 3).
std::string view_of(const std::string& name, const std::set<std::string>& columns) {
  std::string sql = "CREATE VIEW \"" + name + "\" AS SELECT r.pk AS pk";
  for (const std::string& column : columns)
    sql += ", MAX(CASE c.cid WHEN '" + column + "' THEN c.val END) AS \"" + column + "\"";
  return sql +
         " FROM crdt_rows r LEFT JOIN crdt_changes c ON c.\"table\" = r.\"table\" AND c.pk = r.pk"
         " WHERE r.\"table\" = '" +
         name + "' AND r.cl % 2 = 1 GROUP BY r.pk";
}

}  // namespace

SitePair site_pair(std::string_view hex) {
  std::string bytes;
  for (std::size_t at = 0; at + 2 <= hex.size(); at += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16)));
  return {std::string(hex), encode_base64url(bytes.substr(0, kPlainBytes))};
}

SitePair new_site_pair() {
  std::string hex = random_epoch();
  for (char& c : hex)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  return site_pair(hex);
}

Result<std::unique_ptr<TableFile>> TableFile::open(const std::string& path, Durability durability,
                                                   const TableNames& names,
                                                   std::set<std::string> tables) {
  std::unique_ptr<TableFile> file(new TableFile(std::move(tables)));
  auto opened = SqliteDatabase::open(path, durability, Sharing::WithReaders);
  if (!opened) return opened.error();
  file->database_ = std::move(*opened);
  if (Status status = file->prepare(names); !status) return status.error();
  return file;
}

/// The tables of a new file.
Status TableFile::make(const TableNames& names) {
  const bool made = database_->execute("BEGIN IMMEDIATE") && database_->execute(kTables);
  put_meta_ = database_->prepare(kPutMeta);
  Statement site = database_->prepare("INSERT INTO crdt_site_id VALUES (?)");
  if (made && set_meta("channel", names.channel) && site.bind(std::string_view(names.site)).run() &&
      database_->execute("INSERT INTO crdt_db_version VALUES (0); PRAGMA user_version=1; COMMIT"))
    return {};
  const Error error = database_->fault("making the tables");
  database_->execute("ROLLBACK");
  return error;
}

Status TableFile::prepare(const TableNames& names) {
  Statement found = database_->prepare("PRAGMA user_version");
  if (!found.ready() || found.step() != Statement::Step::Row) return database_->fault("schema");
  const std::int64_t schema = found.integer();
  found.rewind();
  if (schema > kSchema) return make_error(ErrorCode::Storage, "a newer server wrote this channel");
  if (schema == 0)
    if (Status made = make(names); !made) return made;
  put_cell_ =
      database_->prepare("INSERT OR REPLACE INTO crdt_changes VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
  drop_cell_ = database_->prepare("DELETE FROM crdt_changes WHERE \"table\"=? AND pk=? AND cid=?");
  put_row_ = database_->prepare("INSERT OR REPLACE INTO crdt_rows VALUES (?,?,?,?,?)");
  put_seen_ = database_->prepare("INSERT OR REPLACE INTO crdt_seen VALUES (?,?,?,?)");
  put_peer_ = database_->prepare("INSERT OR REPLACE INTO crdt_tracked_peers VALUES (?,?,0,?)");
  drop_peer_ = database_->prepare("DELETE FROM crdt_tracked_peers WHERE site_id=?");
  put_meta_ = database_->prepare(kPutMeta);
  set_version_ = database_->prepare("UPDATE crdt_db_version SET version=?");
  for (const Statement* one : {&put_cell_, &drop_cell_, &put_row_, &put_seen_, &put_peer_,
                               &drop_peer_, &put_meta_, &set_version_})
    if (!one->ready()) return database_->fault("preparing");
  return {};
}

// --- Reading

Result<Stored> TableFile::load() {
  Stored stored;
  Statement site = database_->prepare("SELECT id FROM crdt_site_id");
  if (!site.ready() || site.step() != Statement::Step::Row) return database_->fault("site id");
  const std::string hex = site.text();
  if (dialect_of(hex) != Dialect::Causal) return make_error(ErrorCode::Storage, "bad site id");
  stored.site = site_pair(hex);
  if (!read_marks(stored.lines) || !read_cells(stored.lines)) return database_->fault("reading");
  stale_views_ = tables_;
  return stored;
}

bool TableFile::read_marks(Lines& lines) {
  Statement version = database_->prepare("SELECT version FROM crdt_db_version");
  if (!version.ready() || version.step() != Statement::Step::Row) return false;
  lines.version = version.integer();
  Statement meta = database_->prepare("SELECT key, value FROM crdt_meta");
  Statement::Step step = meta.step();
  for (; step == Statement::Step::Row; step = meta.step()) {
    const std::string key = meta.text(), value = meta.text();
    if (key == "dialect") lines.dialect = value == "plain" ? Dialect::Plain : Dialect::Causal;
    if (key == "published") lines.published = std::stoll(value);
    if (key.starts_with(kNode)) lines.nodes[key.substr(kNode.size())] = std::stoll(value);
  }
  if (step == Statement::Step::Failed) return false;
  Statement peers = database_->prepare("SELECT site_id, event, version FROM crdt_tracked_peers");
  for (step = peers.step(); step == Statement::Step::Row; step = peers.step()) {
    PeerLine& line = lines.peers.emplace_back();
    line.site = peers.text();
    line.event = peers.integer() == 0 ? Event::Received : Event::Delivered;
    line.version = peers.integer();
  }
  return step == Statement::Step::Done;
}

bool TableFile::read_cells(Lines& lines) {
  Statement rows = database_->prepare("SELECT \"table\", pk, cl, highest, late FROM crdt_rows");
  Statement::Step step = rows.step();
  for (; step == Statement::Step::Row; step = rows.step()) {
    RowLine& row = lines.rows.emplace_back();
    row.key.table = rows.text();
    row.key.pk = rows.text();
    row.cl = rows.integer();
    row.highest = rows.integer();
    row.late = rows.integer();
  }
  if (step == Statement::Step::Failed) return false;
  Statement seen = database_->prepare("SELECT \"table\", pk, site_id, db_version FROM crdt_seen");
  for (step = seen.step(); step == Statement::Step::Row; step = seen.step()) {
    SeenLine& line = lines.seen.emplace_back();
    line.key.table = seen.text();
    line.key.pk = seen.text();
    line.site = seen.text();
    line.number = seen.integer();
  }
  if (step == Statement::Step::Failed) return false;
  Statement cells = database_->prepare(
      "SELECT \"table\", pk, cid, val_type, val, col_version, db_version, site_id, cl, seq,"
      " writer, writer_version FROM crdt_changes");
  for (step = cells.step(); step == Statement::Step::Row; step = cells.step()) {
    Cell& cell = lines.cells.emplace_back();
    Change& change = cell.change;
    change.row.table = cells.text();
    change.row.pk = cells.text();
    change.cid = cells.text();
    change.val = read_value(cells);
    change.col_version = cells.integer();
    change.db_version = cells.integer();
    change.site = cells.text();
    change.cl = cells.integer();
    change.seq = cells.integer();
    cell.writer = cells.text();
    cell.writer_version = cells.integer();
    note_column(change);
  }
  return step == Statement::Step::Done;
}

// --- Writing

Status TableFile::write(const Write& write) {
  if (!database_->execute("BEGIN IMMEDIATE")) return database_->fault("begin");
  if (write_lines(write)) {
    renew_views();
    if (database_->execute("COMMIT")) return {};
  }
  const Error error = database_->fault("commit");
  database_->execute("ROLLBACK");
  return error;
}

bool TableFile::write_lines(const Write& write) {
  const Lines& lines = write.lines;
  const auto text = [](const std::string& value) { return std::string_view(value); };
  bool fine = write_marks(lines);
  for (const CellKey& key : write.dropped)
    fine = fine &&
           drop_cell_.bind(text(key.row.table)).bind(text(key.row.pk)).bind(text(key.cid)).run();
  for (const Cell& cell : lines.cells) fine = fine && write_cell(cell);
  for (const RowLine& row : lines.rows) {
    put_row_.bind(text(row.key.table)).bind(text(row.key.pk));
    fine = fine && put_row_.bind(row.cl).bind(row.highest).bind(row.late).run();
  }
  for (const SeenLine& seen : lines.seen) {
    put_seen_.bind(text(seen.key.table)).bind(text(seen.key.pk));
    fine = fine && put_seen_.bind(text(seen.site)).bind(seen.number).run();
  }
  for (const std::string& site : write.dropped_peers)
    fine = fine && drop_peer_.bind(text(site)).run();
  for (const PeerLine& peer : lines.peers) {
    put_peer_.bind(text(peer.site)).bind(peer.version);
    fine = fine && put_peer_.bind(static_cast<std::int64_t>(peer.event)).run();
  }
  return fine;
}

bool TableFile::write_marks(const Lines& lines) {
  bool fine = set_version_.bind(lines.version).run();
  if (lines.dialect != Dialect::Unset)
    fine = fine && set_meta("dialect", lines.dialect == Dialect::Plain ? "plain" : "crsqlite");
  if (lines.published != 0) fine = fine && set_meta("published", std::to_string(lines.published));
  for (const auto& [node, mark] : lines.nodes)
    fine = fine && set_meta(std::string(kNode) + node, std::to_string(mark));
  return fine;
}

bool TableFile::set_meta(std::string_view key, std::string_view value) {
  return put_meta_.bind(key).bind(value).run();
}

bool TableFile::write_cell(const Cell& cell) {
  const Change& change = cell.change;
  note_column(change);
  put_cell_.bind(std::string_view(change.row.table)).bind(std::string_view(change.row.pk));
  bind_value(put_cell_.bind(std::string_view(change.cid)), change.val);
  put_cell_.bind(change.col_version).bind(change.db_version).bind(std::string_view(change.site));
  put_cell_.bind(change.cl).bind(change.seq).bind(std::string_view(cell.writer));
  return put_cell_.bind(cell.writer_version).run();
}

// --- Views (section 10.3)

void TableFile::note_column(const Change& change) {
  const std::string& table = change.row.table;
  if (!tables_.contains(table) || change.is_marker()) return;
  if (columns_[table].insert(change.cid).second) stale_views_.insert(table);
}

/// What cannot be shown is reported once and left out; the changes themselves are complete.
void TableFile::renew_views() {
  for (const std::string& name : std::exchange(stale_views_, {})) {
    const std::string drop = "DROP VIEW IF EXISTS \"" + name + "\"";
    if (!database_->execute(drop.c_str()) ||
        !database_->execute(view_of(name, columns_[name]).c_str()))
      log(LogLevel::Warn, "table_view_left_out", {{"table", name}});
  }
}

}  // namespace vuer_rtc::server
