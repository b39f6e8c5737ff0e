// Whole states: the server's answer to a join, and what a reload of the page needs.
#include <algorithm>

#include "base/assert.hpp"
#include "base/memory.hpp"
#include "base/sort.hpp"
#include "history/fields.hpp"
#include "store/author.hpp"

namespace vuer_rtc {

namespace {

constexpr int kExportVersion = 1;

/// Reads a journal into a fresh replica.
Status read_journal(Replica& fresh, ByteSpan journal) {
  MsgReader reader(journal);
  std::uint32_t count = 0;
  if (journal.empty()) return {};
  if (!reader.read_array(count)) return make_error(ErrorCode::BadMessage, "journal: not an array");
  for (std::uint32_t i = 0; i < count; ++i) {
    if (Status status = fresh.decode(reader); !status) return status;
    const auto taken = fresh.take();
    if (!taken) return taken.error();
  }
  return {};
}

}  // namespace

bool Author::write_unacked(Bytes& out) { return history().write_messages(unacked_, out); }

Status Author::load(ByteSpan snapshot, ByteSpan journal, std::uint64_t server_seq,
                    std::int64_t stable) {
  if (!can_allocate(kFreshHistory)) return make_error(ErrorCode::OutOfMemory);
  Replica fresh(replica().limits());
  fresh.history->watch();
  if (!snapshot.empty()) {
    if (Status status = fresh.history->read_snapshot(snapshot); !status) return status;
  }
  if (Status status = read_journal(fresh, journal); !status) return status;
  Bytes mine;
  if (!write_unacked(mine)) return make_error(ErrorCode::OutOfMemory);
  if (Status status = take_over(fresh, mine, std::max(stable, fresh.history->stable())); !status)
    return status;
  upto_ = server_seq;
  line_ = stable;
  lines_.clear();
  arrived_.clear();
  return {};
}

/// Own unacknowledged messages and pending edits go on top of a fresh history, which then becomes
/// ours.
Status Author::take_over(Replica& fresh, ByteSpan mine, std::int64_t line) {
  History& next = *fresh.history;
  next.see_lt(history().lt());
  const NameId self = next.messages().clients().intern(client_);
  next.see_clock(self, history().clock_of(self_));
  std::vector<MessageIndex> unacked;
  MsgReader reader(mine);
  bool moving = false;
  while (!reader.at_end()) {
    if (Status status = fresh.decode(reader); !status) return status;
    if (next.find(fresh.view.id) != kNoMessage) continue;  // the server has it: that is its ack
    moving = moving || static_cast<std::int64_t>(fresh.view.lt) <= line;
    if (moving) fresh.view.lt = next.lt() + 1;
    if (!next.reserve(fresh.view.ops.size() + 512, fresh.view.op_count))
      return make_error(ErrorCode::OutOfMemory);
    unacked.push_back(next.add(fresh.view));
  }
  if (!can_adopt(next)) return make_error(ErrorCode::OutOfMemory);
  replica().history = std::move(fresh.history);
  unacked_ = std::move(unacked);
  adopt(self);
  return {};
}

/// Room for adopt() with this history.
bool Author::can_adopt(History& next) const {
  return next.reserve(2 * buffer_.bytes().size(), buffer_.count()) &&
         can_allocate(growth_of(own_, next.messages().capacity()));
}

/// After the history was replaced: what is known by index or slot is found again, pending edits go
/// back on top.
void Author::adopt(NameId self) {
  self_ = self;
  revived_ = kUnknown;
  own_.clear();
  for (MessageIndex index = 0; index < history().messages().capacity(); ++index) {
    const MessageRecord& record = history().messages()[index];
    if (record.live && !record.pending && record.client == self_) own_.push_back(index);
  }
  sort_range(own_.begin(), own_.end(),
             [this](MessageIndex a, MessageIndex b) { return number_of(a) < number_of(b); });
  if (!buffer_.is_empty()) {
    open_buffer(opened_at_);
    buffer_.close_text();
    history().replace_pending(buffer_.bytes(), buffer_.count());
  }
  feed_.restart();
}

// ---- persistence

/// What the ids of unacknowledged messages and the pending edits take.
std::size_t Author::own_bytes() const {
  std::size_t bytes = 0;
  for (const MessageIndex index : unacked_) bytes += history().messages()[index].id_size + 8;
  return bytes + buffer_.bytes().size();
}

Result<Bytes> Author::export_bytes() {
  constexpr std::size_t kFrame = 1024;  // names of members, numbers and the client
  Bytes out;
  if (!make_room(out, kFrame)) return make_error(ErrorCode::OutOfMemory);
  MsgWriter writer(out);
  writer.map(11);
  writer.string("version");
  writer.number(kExportVersion);
  writer.string("client");
  writer.string(client_);
  writer.string("number");
  writer.number(static_cast<double>(history().clock_of(self_)));
  writer.string("lt");
  writer.number(static_cast<double>(history().lt()));
  writer.string("serverSeq");
  writer.number(static_cast<double>(upto_));
  writer.string("stable");
  writer.number(static_cast<double>(line_));
  writer.string("snapshot");
  if (!history().write_snapshot(RopeForm::Columns, out) || !make_room(out, kFrame))
    return make_error(ErrorCode::OutOfMemory);
  writer.string("journal");
  if (!history().write_journal(out) || !make_room(out, kFrame + own_bytes()))
    return make_error(ErrorCode::OutOfMemory);
  writer.string("unacked");
  writer.array(unacked_count());
  for (const MessageIndex index : unacked_) writer.string(history().messages()[index].id());
  writer.string("pendingSince");
  writer.number(opened_at_);
  writer.string("pending");
  writer.array(buffer_.count());
  writer.raw(buffer_.bytes());
  return out;
}

Status Author::import_bytes(ByteSpan bytes) {
  ByteSpan snapshot, journal, unacked, pending;
  std::uint64_t number = 0, lt = 0;
  std::int64_t line = kNoLine;
  const bool ok = for_each_field(bytes, [&](std::string_view name, ByteSpan value) {
    if (name == "snapshot") snapshot = value;
    if (name == "journal") journal = value;
    if (name == "unacked") unacked = value;
    if (name == "pending") pending = value;
    if (name == "number") return read_integer(value, number);
    if (name == "lt") return read_integer(value, lt);
    if (name == "serverSeq") return read_integer(value, upto_);
    if (name == "pendingSince") return read_double(value, opened_at_);
    if (name == "stable") return read_whole(value, kNoLine, line);
    return true;
  });
  if (!ok || snapshot.empty()) return make_error(ErrorCode::BadSnapshot, "not an exported store");
  if (!can_allocate(kFreshHistory + 8 * unacked.size())) return make_error(ErrorCode::OutOfMemory);
  Replica fresh(replica().limits());
  fresh.history->watch();
  if (Status status = fresh.history->read_snapshot(snapshot); !status) return status;
  if (Status status = read_journal(fresh, journal); !status) return status;
  fresh.history->see_lt(lt);
  const NameId self = fresh.history->messages().clients().intern(client_);
  fresh.history->see_clock(self, number);
  if (!can_adopt(*fresh.history)) return make_error(ErrorCode::OutOfMemory);
  replica().history = std::move(fresh.history);
  line_ = line;
  adopt(self);
  const bool ids_ok = unacked.empty() || for_each_element(unacked, [&](ByteSpan value) {
                        std::string_view id;
                        const MessageIndex index =
                            read_text(value, id) ? history().find(id) : kNoMessage;
                        if (index != kNoMessage) unacked_.push_back(index);
                        return index != kNoMessage;
                      });
  if (!ids_ok)
    return make_error(ErrorCode::BadSnapshot, "unacked: names a message that is not there");
  if (pending.empty()) return {};
  Status status;
  const bool edits_ok = for_each_element(pending, [&](ByteSpan op) {
    status = edit(op, opened_at_);
    return status.ok();
  });
  if (!edits_ok && status.ok()) return make_error(ErrorCode::BadSnapshot, "pending: not an array");
  return status;
}

}  // namespace vuer_rtc
