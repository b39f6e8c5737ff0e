// The database of one table channel (table endpoint specification, section 10.1): reads all of it,
// writes what has changed in one transaction, and keeps a view per application table.
#pragma once

#include <memory>
#include <set>

#include "protocol/table/lines.hpp"
#include "storage/sqlite_database.hpp"

namespace vuer_rtc::server {

/// What a new file is given.
struct TableNames {
  std::string channel;
  std::string site;  ///< 32 hex digits
};

class TableFile {
 public:
  /// Makes the tables of a new file. Storage: it cannot be opened, or is of a newer schema.
  static Result<std::unique_ptr<TableFile>> open(const std::string& path, Durability durability,
                                                 const TableNames& names,
                                                 std::set<std::string> tables);

  Result<table::Stored> load();
  Status write(const table::Write& write);

 private:
  explicit TableFile(std::set<std::string> tables) : tables_(std::move(tables)) {}
  Status make(const TableNames& names);
  Status prepare(const TableNames& names);
  bool write_lines(const table::Write& write);
  bool write_marks(const table::Lines& lines);
  bool write_cell(const table::Cell& cell);
  bool read_cells(table::Lines& lines);
  bool read_marks(table::Lines& lines);
  bool set_meta(std::string_view key, std::string_view value);
  void note_column(const table::Change& change);
  void renew_views();

  std::unique_ptr<SqliteDatabase> database_;
  std::set<std::string> tables_;                          // with a view each
  std::map<std::string, std::set<std::string>> columns_;  // of these
  std::set<std::string> stale_views_;
  Statement put_cell_, drop_cell_, put_row_, put_seen_, put_peer_, drop_peer_, put_meta_,
      set_version_;
};

/// What is shown of 32 hex digits in either dialect.
table::SitePair site_pair(std::string_view hex);
table::SitePair new_site_pair();

}  // namespace vuer_rtc::server
