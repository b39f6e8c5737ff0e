// Rooms in one SQLite file (wire protocol, section 5).
//
// Document holds what changes with every batch and stays small; the snapshot has a table of its
// own, so that a commit does not rewrite it. Every row carries a checksum that is verified when it
// is read, and the numbers of the rows are checked against Document, so that a missing row is found
// as well.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "storage/room_store.hpp"
#include "storage/sqlite_database.hpp"

namespace vuer_rtc::server {

/// Milliseconds; only written down and shown.
using WallClock = std::function<std::int64_t()>;
std::int64_t system_wall_time();

class SqliteStore final : public RoomStore {
 public:
  /// Storage: the file cannot be opened, is of another format, or another process has it.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path,
                                                   WallClock clock = system_wall_time);

  Result<RoomRecord> load(const std::string& room) override;
  Status commit(std::span<const RoomCommit> commits) override;
  Result<StoreCounts> count() override;

 private:
  struct Document {
    std::int64_t id = 0;  ///< 0: not stored yet
    std::string name;
    std::string epoch;
    std::string cleared;  ///< epochs, one a line
    std::int64_t stable = kNoLine;
    std::int64_t last_seq = 0;
    std::int64_t folded_seq = 0;
    std::int64_t snapshot_seq = 0;  ///< last_seq when the snapshot was written
    std::int64_t authors = 0;
    std::int64_t created_at = 0;
    std::int64_t updated_at = 0;
    std::int64_t checksum() const;
  };

  SqliteStore(std::string path, WallClock clock)
      : path_(std::move(path)), clock_(std::move(clock)) {}
  Status reopen();
  Status prepare();
  Status ensure_open();

  Result<Document> read_document(const std::string& room);
  Status load_snapshot(const Document& document, RoomRecord& record);
  Status load_journal(const Document& document, RoomRecord& record);
  Status load_accepted(const Document& document, RoomRecord& record);
  Status load_authors(const Document& document, RoomRecord& record);

  Status write(const RoomCommit& commit);
  Status write(Document& document, const AppendBatch& batch);
  Status write(Document& document, const SnapshotWrite& snapshot);
  Status write(Document& document, const ClearWrite& clear);
  Status write_document(Document& document);
  Status write_batch(const Document& document, std::uint64_t first, std::uint64_t last,
                     std::int64_t start, std::int64_t end, std::span<const Bytes> messages);
  Status write_author(Document& document, const AuthorRecord& author);
  Status delete_from(const char* table, const Document& document);

  std::string path_;
  WallClock clock_;
  std::unique_ptr<SqliteDatabase>
      database_;  // null after a failed commit: opened anew from what is on disk
  Statement insert_batch_, insert_operation_, find_author_, set_author_, find_document_,
      set_document_;
};

}  // namespace vuer_rtc::server
