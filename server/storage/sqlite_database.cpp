#include "storage/sqlite_database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace vuer_rtc::server {
namespace {

constexpr int kPatience = 5000;                // milliseconds, for programs that read at the moment
constexpr sqlite3_int64 kCopyBytes = 1 << 16;  // how much of a log is written again at once

}  // namespace

Statement::Statement(sqlite3* connection, const char* sql) {
  sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
}

Statement::Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(handle_, ++bound_, value);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  // A null pointer would bind NULL; an empty text is not that.
  const char* data = text.empty() ? "" : text.data();
  sqlite3_bind_text64(handle_, ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(ByteSpan bytes) {
  const void* data = bytes.empty() ? static_cast<const void*>("") : bytes.data();
  sqlite3_bind_blob64(handle_, ++bound_, data, bytes.size(), SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind(double value) {
  sqlite3_bind_double(handle_, ++bound_, value);
  return *this;
}

Statement& Statement::bind_null() {
  sqlite3_bind_null(handle_, ++bound_);
  return *this;
}

Statement::Step Statement::step() {
  column_ = 0;
  switch (sqlite3_step(handle_)) {
    case SQLITE_ROW:
      return Step::Row;
    case SQLITE_DONE:
      return Step::Done;
    default:
      return Step::Failed;
  }
}

bool Statement::run() {
  const bool done = step() == Step::Done;
  rewind();
  return done;
}

void Statement::rewind() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  bound_ = column_ = 0;
}

std::int64_t Statement::integer() { return sqlite3_column_int64(handle_, column_++); }

double Statement::real() { return sqlite3_column_double(handle_, column_++); }

std::string Statement::text() {
  const ByteSpan span = bytes();
  return std::string(span.begin(), span.end());
}

ByteSpan Statement::bytes() {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, column_));
  const int size = sqlite3_column_bytes(handle_, column_++);
  return ByteSpan(data, static_cast<std::size_t>(size));
}

std::string random_epoch() {
  constexpr char kDigits[] = "0123456789abcdef";
  std::uint8_t dice[32];
  sqlite3_randomness(sizeof dice, dice);
  std::string epoch;
  for (const std::uint8_t one : dice) epoch.push_back(kDigits[one % 16]);
  return epoch;
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path,
                                                             Durability durability,
                                                             Sharing sharing) {
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &database->connection_, flags, nullptr);
  if (opened != SQLITE_OK) return database->fault("cannot open " + path);
  sqlite3_busy_timeout(database->connection_, sharing == Sharing::Alone ? 0 : kPatience);
  // The first write takes the lock and, in this mode, keeps it until the process ends.
  const bool locked =
      database->execute(sharing == Sharing::Alone ? "PRAGMA locking_mode=EXCLUSIVE"
                                                  : "PRAGMA locking_mode=NORMAL") &&
      database->execute("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=OFF") &&
      database->execute(durability == Durability::Full ? "PRAGMA synchronous=FULL"
                                                       : "PRAGMA synchronous=NORMAL") &&
      database->execute("BEGIN EXCLUSIVE; COMMIT");
  if (locked && !database->settle_log())
    return make_error(ErrorCode::Storage, "cannot write the log of " + path);
  if (locked) return database;
  const int code = sqlite3_errcode(database->connection_);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
    return make_error(ErrorCode::Storage, path + " is in use by another process");
  }
  return database->fault("cannot open " + path);
}

/// After a killed process or a failed sync the system shows a log that the disk may not hold: a
/// failed sync leaves its pages marked as clean, so that syncing again does nothing. The log is
/// written again as it stands and synced before anybody reads from it. Otherwise the next power cut
/// takes back what was shown, and all that is committed behind a hole.
bool SqliteDatabase::settle_log() {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(connection_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log == nullptr || log->pMethods == nullptr) return true;
  sqlite3_int64 size = 0;
  if (log->pMethods->xFileSize(log, &size) != SQLITE_OK) return false;
  Bytes bytes(static_cast<std::size_t>(std::min(size, kCopyBytes)));
  for (sqlite3_int64 at = 0; at < size; at += kCopyBytes) {
    const int count = static_cast<int>(std::min(size - at, kCopyBytes));
    if (log->pMethods->xRead(log, bytes.data(), count, at) != SQLITE_OK) return false;
    if (log->pMethods->xWrite(log, bytes.data(), count, at) != SQLITE_OK) return false;
  }
  return size == 0 || log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK;
}

Status SqliteDatabase::copy_to(const std::string& path) const {
  sqlite3* copy = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  int code = sqlite3_open_v2(path.c_str(), &copy, flags, nullptr);
  sqlite3_backup* pages = nullptr;
  if (code == SQLITE_OK) pages = sqlite3_backup_init(copy, "main", connection_, "main");
  if (pages != nullptr) {
    sqlite3_backup_step(pages, -1);
    code = sqlite3_backup_finish(pages);
  }
  const bool whole = code == SQLITE_OK && pages != nullptr;
  const std::string fault = whole ? "" : sqlite3_errmsg(copy);
  sqlite3_close_v2(copy);
  if (whole) return {};
  std::remove(path.c_str());
  return make_error(ErrorCode::Storage, "cannot copy to " + path + ": " + fault);
}

SqliteDatabase::~SqliteDatabase() { sqlite3_close_v2(connection_); }

bool SqliteDatabase::execute(const char* sql) {
  return sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

Error SqliteDatabase::fault(std::string_view doing) const {
  return make_error(ErrorCode::Storage, std::string(doing) + ": " + sqlite3_errmsg(connection_));
}

}  // namespace vuer_rtc::server
