// The table of messages: cells are reused, bytes lie in an arena, ids are found by hash.
#include "model/messages.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "base/utf.hpp"
#include "model/plain.hpp"

namespace vuer_rtc {

namespace {

constexpr std::size_t kLeastBytes = 64;  // that a message is reserved with

std::uint8_t* append(std::uint8_t* at, const void* data, std::size_t size) {
  if (size != 0) std::memcpy(at, data, size);
  return at + size;
}

}  // namespace

MessageIndex Messages::take_cell() {
  if (free_.empty()) return records_.add();
  const MessageIndex index = free_.back();
  free_.pop_back();
  return index;
}

MessageIndex Messages::add(const MessageView& view) {
  const MessageIndex index = take_cell();
  fill(records_[index], view);
  by_id_.insert(records_[index].id_hash, index);
  ++count_;
  note_newest(index);
  return index;
}

void Messages::note_newest(MessageIndex index) {
  const std::uint64_t lt = records_[index].order_lt;
  const bool is_over_pending = newest_ != kNoMessage && records_[newest_].pending;
  if (!is_over_pending && (lt > top_lt_ || count_ == 1)) newest_ = index;
  if (!is_over_pending && lt == top_lt_ && newest_ != index) newest_ = kNoMessage;
  top_lt_ = std::max(top_lt_, lt);
}

void Messages::reorder(MessageIndex index, std::uint64_t order_lt) {
  records_[index].order_lt = order_lt;
  top_lt_ = std::max(top_lt_, order_lt);
  if (newest_ != kNoMessage && !records_[newest_].pending) newest_ = kNoMessage;
}

void Messages::fill(MessageRecord& record, const MessageView& view) {
  MsgReader reader(view.ops);
  std::uint32_t count = 0;
  RTC_ASSERT(reader.read_array(count));
  const std::uint8_t* ops = reader.position();
  record = MessageRecord{};
  record.own_number = own_number(view).value_or(kNoNumber);
  scratch_.clear();
  if (view.clock.size() != 1 || record.own_number == kNoNumber) write_clock(view);
  record.ops_size = static_cast<std::uint32_t>(view.ops.data() + view.ops.size() - ops);
  record.id_size = static_cast<std::uint16_t>(view.id.size());
  record.clock_size = static_cast<std::uint32_t>(scratch_.size());
  const auto piece = arena_.take(record.ops_size + record.id_size + record.clock_size);
  std::uint8_t* at = append(piece.data, ops, record.ops_size);
  at = append(at, view.id.data(), view.id.size());
  append(at, scratch_.data(), scratch_.size());
  record.data = piece.data;
  record.chunk = piece.chunk;
  record.lt = record.order_lt = view.lt;
  record.ts = view.ts;
  record.stable = view.stable;
  record.server_seq = view.server_seq;
  record.op_count = view.op_count;
  record.has_meta = view.has_meta;
  record.has_position = view.has_position;
  record.client = clients_.intern(view.client);
  record.id_hash = hash_name(record.id());
  record.live = true;
}

void Messages::write_clock(const MessageView& view) {
  MsgWriter clock(scratch_);
  clock.map(static_cast<std::uint32_t>(view.clock.size()));
  for (const auto& [client, number] : view.clock) {
    clock.string(client);
    clock.number(static_cast<double>(number));
  }
}

ByteSpan Messages::clock_of(MessageIndex index) const {
  const MessageRecord& record = records_[index];
  if (!record.has_own_clock()) return record.clock();
  clock_.clear();
  MsgWriter clock(clock_);
  clock.map(1);
  clock.string(clients_.view(record.client));
  clock.number(static_cast<double>(record.own_number));
  return clock_;
}

MessageIndex Messages::open_pending(NameId client) {
  const MessageIndex index = take_cell();
  MessageRecord& record = records_[index];
  record = MessageRecord{};
  record.client = client;
  record.live = record.pending = true;
  newest_ = index;
  return index;
}

void Messages::set_pending(MessageIndex index, ByteSpan ops, std::uint32_t count) {
  records_[index].data = ops.data();
  records_[index].ops_size = static_cast<std::uint32_t>(ops.size());
  records_[index].op_count = count;
}

void Messages::close_pending(MessageIndex index, const MessageView& view) {
  fill(records_[index], view);
  by_id_.insert(records_[index].id_hash, index);
  ++count_;
  newest_ = kNoMessage;
  note_newest(index);
}

void Messages::remove(MessageIndex index) {
  MessageRecord& record = records_[index];
  if (newest_ == index) newest_ = kNoMessage;
  if (!record.pending) {
    by_id_.erase(record.id_hash, index);
    arena_.release(record.chunk);
    if (--count_ == 0) top_lt_ = 0;
  }
  record = MessageRecord{};
  free_.push_back(index);
}

void Messages::renumber(MessageIndex index, std::uint64_t number) {
  MessageRecord& record = records_[index];
  if (record.own_number == number) return;
  RTC_ASSERT(number < record.own_number);
  if (record.clock_size == 0) {
    record.own_number = number;
    return;
  }
  const std::string_view own = clients_.view(record.client);
  MsgReader reader(record.clock());
  std::uint32_t entries = 0;
  reader.read_map(entries);
  scratch_.clear();
  MsgWriter writer(scratch_);
  writer.map(entries);
  for (std::uint32_t i = 0; i < entries; ++i) {
    std::string_view client;
    double entry = 0;
    reader.read_string(client);
    reader.read_number(entry);
    writer.string(client);
    writer.number(client == own ? static_cast<double>(number) : entry);
  }
  record.own_number = number;
  // A smaller number is never longer: the clock stays where it is, at the end of the message's
  // bytes.
  std::memcpy(const_cast<std::uint8_t*>(record.clock().data()), scratch_.data(), scratch_.size());
  record.clock_size = static_cast<std::uint32_t>(scratch_.size());
}

MessageIndex Messages::find(std::string_view id) const {
  return by_id_.find(hash_name(id),
                     [&](std::uint32_t index) { return records_[index].id() == id; });
}

int Messages::compare_messages(MessageIndex a, MessageIndex b) const {
  if (a == b) return 0;
  const MessageRecord& left = records_[a];
  const MessageRecord& right = records_[b];
  if (left.pending != right.pending) return left.pending ? 1 : -1;
  if (left.order_lt != right.order_lt) return left.order_lt < right.order_lt ? -1 : 1;
  if (left.client != right.client) {
    return compare_code_units(clients_.view(left.client), clients_.view(right.client));
  }
  return compare_code_units(left.id(), right.id());
}

void Messages::encode(MessageIndex index, Bytes& out) const {
  const MessageRecord& record = records_[index];
  const bool accepted = record.server_seq != 0;
  const bool stamped = record.stable != kNoLine;
  const std::string_view client = clients_.view(record.client);
  PlainWriter writer(out, encoded_bytes(index));
  writer.byte(0x86u + (accepted ? 1 : 0) + (stamped ? 1 : 0));
  writer.step("\xa2id");
  writer.text(record.id());
  writer.step(
      "\xa6"
      "client");
  writer.text(client);
  writer.step(
      "\xa5"
      "clock");
  if (record.has_own_clock()) {
    writer.byte(0x81);
    writer.text(client);
    writer.number(static_cast<double>(record.own_number));
  } else {
    writer.raw(record.clock());
  }
  writer.step("\xa2lt");
  writer.number(static_cast<double>(record.lt));
  writer.step("\xa2ts");
  writer.number(record.ts);
  writer.step("\xa3ops");
  writer.array(record.op_count);
  writer.raw(record.ops());
  if (accepted) {
    writer.step("\xa9serverSeq");
    writer.number(static_cast<double>(record.server_seq));
  }
  if (stamped) {
    writer.step("\xa6stable");
    writer.number(static_cast<double>(record.stable));
  }
}

std::size_t Messages::encoded_bytes(MessageIndex index) const {
  constexpr std::size_t kNamesAndNumbers = 128;
  const MessageRecord& record = records_[index];
  return kNamesAndNumbers + record.id().size() + 2 * clients_.view(record.client).size() +
         record.clock().size() + record.ops().size();
}

std::size_t Messages::growth(std::size_t bytes) const {
  const std::size_t count = bytes / kLeastBytes + 1;
  return records_.growth(count) + by_id_.growth(count) + arena_.growth(bytes + 64);
}

}  // namespace vuer_rtc
