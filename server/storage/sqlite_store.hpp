// Logs in one SQLite file (wire protocol, section 5).
//
// Document holds what changes with every write and stays small; the snapshot has a table of its
// own, so that a commit does not rewrite it. Every row carries a checksum that is verified when it
// is read, Document the numbers of the other rows, so that a missing row is found as well, batches
// are chained, and the mark file tells a tail that is missing.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>

#include "storage/log_store.hpp"
#include "storage/mark_file.hpp"
#include "storage/sqlite_database.hpp"

namespace vuer_rtc::server {

class SqliteStore final : public LogStore {
 public:
  static constexpr std::string_view kMarkSuffix = "-mark";

  /// Storage: the file cannot be opened, is of another format, or another process has it.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path,
                                                   WallClock clock = system_wall_time,
                                                   Durability durability = Durability::Full);

  /// From now on loading changes nothing.
  void look_only() { renames_ = false; }
  /// Writes everything into a new file, synced. Storage when that fails; then there is none.
  Status copy_to(const std::string& path);
  /// Every log there is.
  std::vector<LogId> logs() const;
  /// What is wrong with the file itself, and with what it has lost: slow.
  std::vector<std::string> page_faults();

  Result<LogContent> load(const LogId& log) override;
  Result<std::vector<LogRow>> ids(const LogId& log) override;
  Result<std::vector<LogRow>> find_ids(const LogId& log,
                                       std::span<const std::string> keys) override;
  Status commit(std::span<const LogCommit> commits) override;
  Status probe() override;
  Result<StoreCounts> count() override;
  Result<StoreSizes> sizes() override;
  Result<DocumentInfo> document(const LogId& log) override;
  Result<std::vector<DocumentInfo>> documents(const LogId& after, std::size_t limit) override;
  Result<std::vector<StoredBatch>> batches(const LogId& log, std::uint64_t after,
                                           std::size_t limit) override;

 private:
  static constexpr std::int64_t kNoSnapshot = -1;
  static constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t kFormat = 2;
  static constexpr const char* kSetFormat = "PRAGMA user_version=2";

  struct Document {
    std::int64_t id = 0;  ///< 0: not stored yet
    LogId log;
    std::string epoch;
    std::string cleared;  ///< epochs, one a line
    Bytes state;
    std::int64_t version = 0;
    std::int64_t last_seq = 0;
    std::int64_t snapshot_seq = kNoSnapshot;  ///< last_seq when the snapshot was written
    std::int64_t ids = 0, authors = 0;        ///< numbers of rows
    ChainLink base{};                         ///< the chain's end when the snapshot was written
    ChainLink chain{};                        ///< its end now
    std::int64_t created_at = 0;
    std::int64_t updated_at = 0;
    bool read(Statement& row, std::int64_t& sum);
    std::int64_t checksum() const;
    Error damaged(const std::string& what) const;
  };

  /// A row of JournalBatch; `operations` is valid until the next step.
  struct BatchRow {
    BatchRange range;
    ByteSpan operations;
    ChainLink link{};
    bool read(Statement& row, std::int64_t document);
  };
  static bool split_entries(ByteSpan operations, std::vector<Bytes>& out);

  SqliteStore(std::string path, WallClock clock, Durability durability)
      : path_(std::move(path)), clock_(std::move(clock)), durability_(durability) {}
  Status reopen();
  void close();
  Status check_format();
  Status prepare();
  Status ensure_open();
  Status find_documents();

  Result<Document> read_document(const LogId& log);
  Status compare_with_mark(const Document& document) const;
  Status rename_epoch(Document& document);
  Status load_snapshot(const Document& document, LogContent& content);
  Status load_entries(const Document& document, LogContent& content);
  /// Checks every row; keeps them where `found` is not null.
  Status load_rows(const Document& document, const char* table, std::int64_t expected,
                   std::vector<LogRow>* found);

  Status run_transaction(const std::function<Status()>& writes);
  void leave_marks();
  Status write(const LogCommit& commit);
  Status write_changed(Document& document);
  Status write(Document& document, const LogAppend& append);
  Status write(Document& document, const LogSnapshot& snapshot);
  Status write(Document& document, const LogClear& clear);
  Status write_document(Document& document);
  Status write_batch(const Document& document, const BatchRange& range, ByteSpan entries,
                     const ChainLink& link);
  Status write_row(Statement& into, const Document& document, const LogRow& row);
  Status write_author(Document& document, const LogRow& author);
  Status delete_from(const char* table, const Document& document);

  std::string path_;
  WallClock clock_;
  Durability durability_;
  std::unique_ptr<SqliteDatabase>
      database_;  // null after a failed commit: opened anew from what is on disk
  bool renames_ = true;
  std::map<LogId, std::int64_t> documents_;
  std::int64_t next_document_ = 1;
  std::string lost_documents_;  // why an unknown name may be that of a lost log; empty: it is not
  std::unique_ptr<MarkFile> mark_file_;   // null when a power cut may take back what was committed
  std::int64_t older_documents_ = kAll;   // the first so many were there before the mark file
  std::map<std::int64_t, Mark> marks_;    // by document
  std::map<std::int64_t, Mark> changed_;  // of the transaction under way
  Statement insert_batch_, insert_id_, find_id_, find_author_, set_author_, find_document_,
      set_document_;
};

}  // namespace vuer_rtc::server
