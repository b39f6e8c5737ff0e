// The log in which rooms of every protocol are kept: entries are appended and acknowledged once
// they are durable, a snapshot takes the place of entries it holds. What entries, rows and state
// mean is the business of the schema above (for core rooms room/record.hpp). Calls block;
// StoreThread gives them a thread. One conformance test runs against every store.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::server {

/// Milliseconds; only written down and shown.
using WallClock = std::function<std::int64_t()>;
std::int64_t system_wall_time();

/// Names one log. Each schema ("room", "yjs", ...) is a name space of its own.
struct LogId {
  std::string schema;
  std::string name;
  friend bool operator==(const LogId&, const LogId&) = default;
  friend bool operator<(const LogId& a, const LogId& b) {
    return std::tie(a.schema, a.name) < std::tie(b.schema, b.name);
  }
};

/// What is remembered about one message or one author, beside the entries.
struct LogRow {
  std::string key;
  Bytes value;
  friend bool operator==(const LogRow&, const LogRow&) = default;
};

/// Everything a log holds when it is loaded.
struct LogContent {
  std::string epoch;                 ///< names the data; empty: nothing was ever stored
  std::vector<std::string> cleared;  ///< earlier epochs that were cleared on purpose
  Bytes state;                       ///< the schema's own word about the snapshot
  Bytes snapshot;                    ///< empty: none yet
  std::uint64_t last_seq = 0;        ///< highest number ever given in this epoch
  std::vector<Bytes> entries;        ///< what the snapshot does not hold, in order
  std::vector<LogRow> ids;           ///< of load_whole() alone; go with their epoch
  std::vector<LogRow> authors;       ///< stay for ever
};

/// Entries accepted together: durable all of them or none.
struct LogAppend {
  std::string epoch;
  std::uint64_t first_seq = 0;  ///< the one after the last
  std::uint64_t last_seq = 0;
  std::int64_t start_time = 0;  ///< wall clock, milliseconds
  std::int64_t end_time = 0;
  std::vector<Bytes> entries;
  std::vector<LogRow> ids;      ///< keys that the log does not hold yet
  std::vector<LogRow> authors;  ///< new, or in place of the row with this key
};

/// The log up to last_seq became a snapshot and what is left beside it.
struct LogSnapshot {
  std::string epoch;
  Bytes state;
  Bytes snapshot;
  std::uint64_t last_seq = 0;        ///< the highest given
  std::uint64_t first_rest_seq = 0;  ///< the number of the first of `rest`; 0 when there is none
  std::vector<Bytes> rest;
};

/// All data goes but the authors.
struct LogClear {
  std::string epoch;  ///< the new one; the present one joins the cleared ones
};

using LogWrite = std::variant<LogAppend, LogSnapshot, LogClear>;

struct LogCommit {
  LogId log;
  LogWrite write;
};

/// What is told of a log without loading it.
struct DocumentInfo {
  std::string name;
  std::uint64_t version = 0;  ///< grows with every write
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;
};

/// Entries as they lie in the store: those of one commit, or what a snapshot left.
struct StoredBatch {
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  std::int64_t start_time = 0;
  std::int64_t end_time = 0;
  std::vector<Bytes> entries;
};

/// Bytes of content by what they belong to, without what the store needs for itself.
struct StoreSizes {
  std::uint64_t documents = 0;  ///< with their snapshots
  std::uint64_t operations = 0;
  std::uint64_t journal_batches = 0;
};

struct StoreCounts {
  std::uint64_t documents = 0;
  std::uint64_t operations = 0;
  std::uint64_t journal_batches = 0;
};

class LogStore {
 public:
  virtual ~LogStore() = default;
  /// What is stored of a log but its ids, which are checked and stay where they are: there may be
  /// more of them than fit into memory. An empty epoch when nothing is stored. Storage: it cannot
  /// be read or is damaged, and the text says which row. A failed load is never an empty log.
  virtual Result<LogContent> load(const LogId& log) = 0;
  virtual Result<std::vector<LogRow>> ids(const LogId& log) = 0;
  /// The rows of those of these ids that the log holds.
  virtual Result<std::vector<LogRow>> find_ids(const LogId& log,
                                               std::span<const std::string> keys) = 0;
  /// All writes of a call or none. When it returns without error, everything is durable. After an
  /// error nothing of it is, and what is on disk must be loaded again before it is written to.
  virtual Status commit(std::span<const LogCommit> commits) = 0;
  /// Whether a commit would be durable now; writes nothing of its own.
  virtual Status probe() = 0;
  virtual Result<StoreCounts> count() = 0;
  virtual Result<StoreSizes> sizes() = 0;
  /// Version 0: nothing was ever stored.
  virtual Result<DocumentInfo> document(const LogId& log) = 0;
  /// At most `limit` logs of the schema of `after` whose names come after its own, by their bytes.
  virtual Result<std::vector<DocumentInfo>> documents(const LogId& after, std::size_t limit) = 0;
  /// At most `limit` batches of a log that begin after this number, in order.
  virtual Result<std::vector<StoredBatch>> batches(const LogId& log, std::uint64_t after,
                                                   std::size_t limit) = 0;
};

/// A log with all its ids: for tools and tests.
Result<LogContent> load_whole(LogStore& store, const LogId& log);

/// Internal: another epoch, or a number that is not the next.
Error does_not_follow();

/// Applies a write to a log in memory: what every store must do, in its simplest form. Nothing
/// changes when the write does not follow what is stored.
Status apply_write(LogContent& log, const LogWrite& write);

}  // namespace vuer_rtc::server
