// Bytes as what a room reads from its log: a snapshot, journal rows and the door's memory. A log
// is refused or makes a room that the next start makes again; a row's checksum tells every
// changed byte; a write that does not follow changes nothing.
#include "room/record.hpp"

#include "fuzz/law.hpp"
#include "room/room.hpp"
#include "storage/row_checksum.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;
using namespace vuer_rtc::server;

namespace {

constexpr std::size_t kMaxRows = 16;

LogContent log_of(Choices& choices) {
  LogContent log;
  log.epoch = choices.one_in(4) ? "" : "epoch";
  const std::int64_t stable = static_cast<std::int64_t>(choices.below(8)) - 1;
  log.last_seq = choices.below(20);
  log.state = state_bytes({stable, choices.below(20)});
  std::size_t authors = choices.below(3);
  for (std::size_t i = 0; i < authors; i++)
    log.authors.push_back(
        row_of(AuthorRecord{std::string(1, "abc"[i]), choices.byte(), choices.byte()}));
  log.snapshot = choices.slice();
  while (!choices.empty() && log.entries.size() < kMaxRows) {
    log.entries.push_back(choices.slice());
    Result<Message> message = decode_message(log.entries.back(), Limits{});
    if (!message) continue;
    AcceptedMessage accepted{message->id, message->server_seq, message->lt, message->stable, {}};
    accepted.content = content_hash(*message);
    log.ids.push_back(row_of(accepted));
    log.last_seq = std::max(log.last_seq, message->server_seq);
  }
  return log;
}

void check_row(const LogRow& row) {
  const Result<AcceptedMessage> accepted = accepted_of(row);
  must(accepted.ok() && row_of(*accepted) == row, "a row is read as it was written");
  const std::int64_t sum = row_checksum(7, row);
  LogRow other = row;
  other.value[accepted->lt % other.value.size()] ^= 1;
  must(row_checksum(7, other) != sum, "a changed byte changes the checksum");
  other = row;
  other.key += "x";
  must(row_checksum(7, other) != sum, "a changed key changes the checksum");
  must(row_checksum(8, row) != sum, "another document has another checksum");
}

void check_write(LogContent log) {
  LogAppend batch;
  batch.epoch = "another";
  batch.first_seq = batch.last_seq = log.last_seq + 2;
  batch.entries.push_back(Bytes{0x80});
  const std::size_t rows = log.entries.size();
  const std::uint64_t last = log.last_seq;
  must(!apply_write(log, batch).ok(), "a write that leaves a gap is refused");
  must(log.entries.size() == rows && log.last_seq == last, "and changes nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  const LogContent log = log_of(choices);
  for (const LogRow& row : log.ids) check_row(row);
  check_write(log);
  Result<std::unique_ptr<Room>> first = Room::load(log, "new", RoomOptions{});
  Result<std::unique_ptr<Room>> second = Room::load(log, "new", RoomOptions{});
  must(first.ok() == second.ok(), "a log is refused or not, every time");
  if (!first) return 0;
  (*first)->document().check();
  const Hash digest = *(*first)->digest();
  must(*(*second)->digest() == digest, "a log makes one room");
  for (const JournalEntry& entry : (*first)->journal().entries())
    must((*second)->document().receive(ByteSpan(*entry.bytes)).ok(), "a journal row is a message");
  must(*(*second)->digest() == digest, "which the room has");
  return 0;
}
