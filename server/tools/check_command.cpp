// `vuer-rtc-server check`: is everything in the file as it was written?
#include <unordered_map>

#include "room/room.hpp"
#include "tools/store_words.hpp"
#include "tools/stored_room.hpp"

namespace vuer_rtc::server {
namespace {

constexpr StoreManual kCheck = {
    {"vuer-rtc-server check", "finds damage in a database file", "vuer-rtc-server check FILE",
     "Looks at the pages of the file, at every row and its checksum, at the chain of each journal "
     "and at the mark file beside it; replays the journal of every room and compares what it holds "
     "with the index of accepted messages. Prints a line for each fault and changes nothing. No "
     "server may have the file.",
     "EXIT STATUS\n"
     "       0      Everything is as it was written.\n"
     "       1      Something is damaged.\n"
     "       2      The file cannot be opened.\n"},
    {}};

/// Every message of the journal is in the index, under its serverSeq.
Status compare_with_index(const LogContent& content, const Room& room) {
  std::unordered_map<std::string, std::uint64_t> numbers;
  for (const LogRow& row : content.ids) {
    const Result<AcceptedMessage> accepted = accepted_of(row);
    if (!accepted) return accepted.error();
    numbers[accepted->id] = accepted->server_seq;
  }
  for (const JournalEntry& entry : room.journal().entries()) {
    const auto at = numbers.find(entry.id);
    if (at == numbers.end() || at->second != entry.server_seq)
      return make_error(ErrorCode::Storage, "message " + entry.id + " at serverSeq " +
                                                std::to_string(entry.server_seq) +
                                                " is not in the index");
  }
  return {};
}

Status check_log(SqliteStore& store, const LogId& log, std::uint64_t& entries) {
  Result<LogContent> content = load_whole(store, log);
  if (!content) return content.error();
  entries += content->entries.size();
  if (log.schema != kRoomSchema) return {};
  const Result<std::unique_ptr<Room>> room = load_stored(*content);
  Status status = room ? compare_with_index(*content, **room) : Status(room.error());
  if (status) return status;
  return make_error(ErrorCode::Storage, log.schema + " " + log.name + ": " + status.error().text);
}

}  // namespace

Result<CommandAnswer> run_check(std::span<const std::string_view> arguments,
                                const Environment& environment, const Progress& progress) {
  const Result<ReadWords> read = read_store_words(kCheck, arguments, environment);
  if (!read) return read.error();
  if (read->manual) return CommandAnswer{*read->manual};
  Result<std::unique_ptr<SqliteStore>> store = open_existing(read->words.subject);
  if (!store) return store.error();
  CommandAnswer answer;
  std::uint64_t faults = 0, entries = 0, done = 0;
  for (const std::string& fault : (*store)->page_faults()) {
    ++faults;
    answer.text += fault + "\n";
  }
  const std::vector<LogId> logs = (*store)->logs();
  for (const LogId& log : logs) {
    progress(std::to_string(++done) + " of " + std::to_string(logs.size()) + ": " + log.name);
    const Status status = check_log(**store, log, entries);
    if (status) continue;
    ++faults;
    answer.text += status.error().text + "\n";
  }
  answer.text += std::to_string(logs.size()) + " logs, " + std::to_string(entries) +
                 " entries: " + (faults == 0 ? "whole" : std::to_string(faults) + " faults") + "\n";
  answer.status = faults == 0 ? 0 : 1;
  return answer;
}

}  // namespace vuer_rtc::server
