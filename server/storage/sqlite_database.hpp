// SQLite with less ceremony: one connection, prepared statements that bind and read by position.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/value.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace vuer_rtc::server {

/// A prepared statement. Bind in order, step, read columns in order, rewind. Bound bytes must live
/// until the rewind.
class Statement {
 public:
  enum class Step { Row, Done, Failed };

  Statement() = default;
  Statement(sqlite3* connection, const char* sql);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  bool ready() const { return handle_ != nullptr; }
  Statement& bind(std::int64_t value);
  Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(std::string_view text);
  Statement& bind(ByteSpan bytes);
  Statement& bind(double value);
  Statement& bind_null();
  Step step();
  /// Steps a statement without rows and rewinds it.
  bool run();
  void rewind();

  std::int64_t integer();
  double real();
  std::string text();
  ByteSpan bytes();  ///< valid until the next step

 private:
  sqlite3_stmt* handle_ = nullptr;
  int bound_ = 0;
  int column_ = 0;
};

/// A name that nobody had before, from the dice of SQLite's file system.
std::string random_epoch();

/// What a commit promises: that it is on disk, or that it will be.
enum class Durability : std::uint8_t { Full, Relaxed };

/// Who else may have a database file open: nobody, or other programs that read it.
enum class Sharing : std::uint8_t { Alone, WithReaders };

/// Opens a file: write-ahead log, every commit synced (Full).
class SqliteDatabase {
 public:
  static Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path,
                                                      Durability durability = Durability::Full,
                                                      Sharing sharing = Sharing::Alone);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  /// Page by page into a new file, synced.
  Status copy_to(const std::string& path) const;
  bool execute(const char* sql);
  Statement prepare(const char* sql) { return Statement(connection_, sql); }
  Error fault(std::string_view doing) const;

 private:
  SqliteDatabase() = default;
  bool settle_log();
  sqlite3* connection_ = nullptr;
};

}  // namespace vuer_rtc::server
