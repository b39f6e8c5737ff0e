// `vuer-rtc-server export`, `import` and `backup`: one room from a database into a file and back,
// and all of it into another file.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tools/log_file.hpp"
#include "tools/store_words.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::string_view kExportFlags[] = {"database", "schema", "out"};
constexpr StoreManual kExport = {
    {"vuer-rtc-server export", "writes one room into a file of its own",
     "vuer-rtc-server export ROOM [--database FILE] --out FILE",
     "The file holds the room's snapshot, journal, index of accepted messages and authors, with a "
     "checksum. No server may have the database.",
     ""},
    kExportFlags};

constexpr std::string_view kImportFlags[] = {"database", "in"};
constexpr StoreManual kImport = {
    {"vuer-rtc-server import", "brings an exported room into a database",
     "vuer-rtc-server import ROOM [--database FILE] --in FILE",
     "Makes a room of this name; it must not be there yet. Its data gets a name of its own, so "
     "that clients who knew the exported room offer again what it lacks. No server may have the "
     "database.",
     ""},
    kImportFlags};

constexpr std::string_view kBackupFlags[] = {"out"};
constexpr StoreManual kBackup = {
    {"vuer-rtc-server backup", "copies a database file and checks the copy",
     "vuer-rtc-server backup FILE --out FILE",
     "Writes everything into one new file, without the log and the mark file beside it, and looks "
     "at "
     "the copy as check does. Where a server starts with the copy, its rooms go on under another "
     "name of their data, so that clients who know more offer it again. No server may have the "
     "file.",
     "EXIT STATUS\n"
     "       0      The copy is whole.\n"
     "       1      It is as damaged as the file.\n"
     "       2      There is no copy.\n"},
    kBackupFlags};

Status write_file(const std::string& path, const Bytes& bytes) {
  if (path.empty()) return refuse_word("--out", "is missing");
  if (std::filesystem::exists(path)) return refuse_word(path, "is there already");
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? Status() : Status(refuse_word(path, "cannot be written"));
}

Result<LogFile> read_file(const std::string& path) {
  if (path.empty()) return refuse_word("--in", "is missing");
  std::ifstream file(path, std::ios::binary);
  if (!file) return refuse_word(path, "cannot be read");
  const Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  Result<LogFile> read = decode_log_file(bytes);
  if (!read) return refuse_word(path, read.error().text);
  return read;
}

std::string counts_of(const LogContent& content) {
  return "serverSeq " + std::to_string(content.last_seq) + ", " +
         std::to_string(content.entries.size()) + " entries, " +
         std::to_string(content.snapshot.size()) + " bytes of snapshot\n";
}

/// One transaction: everything as one batch, and where there is a snapshot, that in its place.
Status write_log(LogStore& store, const LogId& log, const LogContent& content) {
  LogAppend append;
  append.epoch = random_epoch();
  append.first_seq = 1;
  append.last_seq = content.last_seq;
  append.start_time = append.end_time = system_wall_time();
  append.entries = content.entries;
  append.ids = content.ids;
  append.authors = content.authors;
  std::vector<LogCommit> commits = {{log, append}};
  if (!content.snapshot.empty()) {
    const std::uint64_t first = content.last_seq - content.entries.size() + 1;
    commits.push_back({log, LogSnapshot{append.epoch, content.state, content.snapshot,
                                        content.last_seq, first, content.entries}});
  }
  return store.commit(commits);
}

}  // namespace

Result<CommandAnswer> run_export(std::span<const std::string_view> arguments,
                                 const Environment& environment, const Progress& progress) {
  const Result<ReadWords> read = read_store_words(kExport, arguments, environment);
  if (!read) return read.error();
  if (read->manual) return CommandAnswer{*read->manual};
  const StoreWords& words = read->words;
  Result<std::unique_ptr<SqliteStore>> store = open_existing(words.database);
  if (!store) return store.error();
  progress("reading " + words.subject);
  const LogId log = words.log(words.subject);
  const Result<LogContent> content = load_whole(**store, log);
  if (!content) return content.error();
  if (content->epoch.empty()) return refuse_word(words.subject, "there is no such room");
  if (Status status = write_file(words.out, encode_log_file(log, *content)); !status)
    return status.error();
  return CommandAnswer{words.out + ": " + counts_of(*content)};
}

Result<CommandAnswer> run_import(std::span<const std::string_view> arguments,
                                 const Environment& environment, const Progress& progress) {
  const Result<ReadWords> read = read_store_words(kImport, arguments, environment);
  if (!read) return read.error();
  if (read->manual) return CommandAnswer{*read->manual};
  const StoreWords& words = read->words;
  const Result<LogFile> file = read_file(words.in);
  if (!file) return file.error();
  if (file->content.last_seq < file->content.entries.size() || file->content.last_seq == 0)
    return refuse_word(words.in, "it holds no messages");
  Result<std::unique_ptr<SqliteStore>> store = open_existing(words.database);
  if (!store) return store.error();
  const LogId log{file->log.schema, words.subject};
  const Result<LogContent> present = (*store)->load(log);
  if (!present) return present.error();
  if (!present->epoch.empty()) return refuse_word(words.subject, "there is a room of this name");
  progress("writing " + words.subject);
  if (Status status = write_log(**store, log, file->content); !status) return status.error();
  return CommandAnswer{words.subject + ": " + counts_of(file->content)};
}

Result<CommandAnswer> run_backup(std::span<const std::string_view> arguments,
                                 const Environment& environment, const Progress& progress) {
  const Result<ReadWords> read = read_store_words(kBackup, arguments, environment);
  if (!read) return read.error();
  if (read->manual) return CommandAnswer{*read->manual};
  const StoreWords& words = read->words;
  if (words.out.empty()) return refuse_word("--out", "is missing");
  if (std::filesystem::exists(words.out)) return refuse_word(words.out, "is there already");
  Result<std::unique_ptr<SqliteStore>> store = open_existing(words.subject);
  if (!store) return store.error();
  progress("copying " + words.subject);
  if (Status status = (*store)->copy_to(words.out); !status) return status.error();
  const std::string_view copy = words.out;
  Result<CommandAnswer> answer = run_check(std::span(&copy, 1), environment, progress);
  std::error_code ignored;
  std::filesystem::remove(words.out + std::string(SqliteStore::kMarkSuffix), ignored);
  return answer;
}

}  // namespace vuer_rtc::server
