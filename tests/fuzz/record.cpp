// Bytes as what a room reads from its store: a snapshot, journal rows and the door's memory. A
// record is refused or makes a room that the next start makes again; a row's checksum tells every
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

RoomRecord record_of(Choices& choices) {
  RoomRecord record;
  record.epoch = choices.one_in(4) ? "" : "epoch";
  record.stable = static_cast<std::int64_t>(choices.below(8)) - 1;
  record.last_seq = choices.below(20);
  record.folded_seq = choices.below(20);
  std::size_t authors = choices.below(3);
  for (std::size_t i = 0; i < authors; i++)
    record.authors.push_back({std::string(1, "abc"[i]), choices.byte(), choices.byte()});
  record.snapshot = choices.slice();
  while (!choices.empty() && record.journal.size() < kMaxRows) {
    record.journal.push_back(choices.slice());
    Result<Message> message = decode_message(record.journal.back(), Limits{});
    if (!message) continue;
    AcceptedMessage accepted{message->id, message->server_seq, message->lt, message->stable, {}};
    accepted.content = content_hash(*message);
    record.accepted.push_back(accepted);
    record.last_seq = std::max(record.last_seq, message->server_seq);
  }
  return record;
}

void check_checksum(const AcceptedMessage& row) {
  const std::int64_t sum = operation_checksum(7, row);
  AcceptedMessage other = row;
  other.content[row.lt % other.content.size()] ^= 1;
  must(operation_checksum(7, other) != sum, "a changed byte changes the checksum");
  other = row;
  other.server_seq++;
  must(operation_checksum(7, other) != sum, "a changed number changes the checksum");
  must(operation_checksum(8, row) != sum, "another document has another checksum");
}

void check_write(RoomRecord record) {
  AppendBatch batch;
  batch.epoch = "another";
  batch.first_seq = batch.last_seq = record.last_seq + 2;
  batch.messages.push_back(Bytes{0x80});
  const std::size_t rows = record.journal.size();
  const std::uint64_t last = record.last_seq;
  must(!apply_write(record, batch).ok(), "a write that leaves a gap is refused");
  must(record.journal.size() == rows && record.last_seq == last, "and changes nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  RoomRecord record = record_of(choices);
  for (const AcceptedMessage& row : record.accepted) check_checksum(row);
  check_write(record);
  Result<std::unique_ptr<Room>> first = Room::load(record, "new", RoomOptions{});
  Result<std::unique_ptr<Room>> second = Room::load(record, "new", RoomOptions{});
  must(first.ok() == second.ok(), "a record is refused or not, every time");
  if (!first) return 0;
  (*first)->document().check();
  const Hash digest = (*first)->digest();
  must((*second)->digest() == digest, "a record makes one room");
  for (const JournalEntry& entry : (*first)->journal().entries())
    must((*second)->document().receive(ByteSpan(*entry.bytes)).ok(), "a journal row is a message");
  must((*second)->digest() == digest, "which the room has");
  return 0;
}
