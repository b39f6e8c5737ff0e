// The mark file beside a database: how far each log had come, written after each commit and not
// synced. A database that ends before its mark has lost its tail: SQLite takes rot at the end of
// its log for a clean end. A mark that is behind or unreadable says nothing.
//
// It is read and written through SQLite's file system, so that tests have one disk for both.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/chain.hpp"

struct sqlite3_file;

namespace vuer_rtc::server {

struct Mark {
  std::int64_t document = 0;
  std::int64_t version = 0;  ///< grows with every write to the document
  std::int64_t last_seq = 0;
  ChainLink chain{};
};

class MarkFile {
 public:
  /// Opens or creates it. A mark file that cannot be opened is one that says nothing.
  explicit MarkFile(const std::string& path);
  ~MarkFile();
  MarkFile(const MarkFile&) = delete;
  MarkFile& operator=(const MarkFile&) = delete;

  /// How many documents there were when the file was made; `now` when it has just been made.
  std::int64_t older_documents(std::int64_t now);
  /// The marks that can be read.
  std::vector<Mark> read();
  void write(const Mark& mark);

 private:
  std::string path_;
  std::unique_ptr<std::byte[]> memory_;  // of the file, whose size the file system tells
  sqlite3_file* file_ = nullptr;
};

}  // namespace vuer_rtc::server
