// The messages above the stable line, and their total order (law, section 2). Plain data: no rule
// of the fold.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_arena.hpp"
#include "base/chunked.hpp"
#include "base/index_table.hpp"
#include "model/message_view.hpp"
#include "model/names.hpp"
#include "vuer_rtc/message.hpp"

namespace vuer_rtc {

using MessageIndex = std::uint32_t;
inline constexpr MessageIndex kNoMessage = 0xffffffff;
inline constexpr std::uint64_t kNoNumber = ~std::uint64_t{0};

/// A place in the total order: a message and the offset of an op in its bytes (behind the array's
/// head).
struct Place {
  MessageIndex message = kNoMessage;
  std::uint32_t op = 0;
  friend bool operator==(const Place& a, const Place& b) {
    return a.message == b.message && a.op == b.op;
  }
};

struct MessageRecord {
  std::uint64_t lt = 0;  // what lww entries and readers see
  /// What the order goes by: lt, except for what is applied on top (law, section 9).
  std::uint64_t order_lt = 0;
  double ts = 0;
  std::int64_t stable = kNoLine;
  std::uint64_t server_seq = 0;
  std::uint64_t own_number = kNoNumber;
  /// Ops without the array's head, then the id, then the clock as MessagePack. No clock: it holds
  /// the own number only.
  const std::uint8_t* data = nullptr;
  std::uint32_t ops_size = 0, clock_size = 0, op_count = 0;
  std::uint32_t chunk = 0, id_hash = 0;
  NameId client = kNoName;
  std::uint16_t id_size = 0;
  bool live = false;     // this cell holds a message
  bool pending = false;  // the edits not committed: last in the order
  bool undone = false;
  bool has_meta = false;
  bool has_position = false;

  ByteSpan ops() const { return {data, ops_size}; }
  std::string_view id() const { return {reinterpret_cast<const char*>(data) + ops_size, id_size}; }
  ByteSpan clock() const { return {data + ops_size + id_size, clock_size}; }
  bool has_own_clock() const { return clock_size == 0 && own_number != kNoNumber; }
};

class Messages {
 public:
  /// Copies a checked message in. The id must not be known.
  MessageIndex add(const MessageView& view);
  /// Opens the one pending message of `client`; it has no id and no bytes until close_pending.
  MessageIndex open_pending(NameId client);
  /// Points the pending message at its ops (they move whenever the edit buffer grows).
  void set_pending(MessageIndex index, ByteSpan ops, std::uint32_t count);
  /// Turns the pending message into a committed one, with everything from the view.
  void close_pending(MessageIndex index, const MessageView& view);
  void remove(MessageIndex index);
  /// Gives a message another place in the order; no log may hold it meanwhile.
  void reorder(MessageIndex index, std::uint64_t order_lt);
  /// Gives a message another own number, not above the one it has.
  void renumber(MessageIndex index, std::uint64_t number);
  MessageIndex find(std::string_view id) const;

  MessageRecord& operator[](MessageIndex index) { return records_[index]; }
  const MessageRecord& operator[](MessageIndex index) const { return records_[index]; }
  std::uint32_t capacity() const {
    return records_.size();
  }  ///< indexes are below this; some cells are not live
  std::uint32_t count() const { return count_; }  ///< live ones, without the pending one

  /// Total order of places; negative when a comes first. The pending message comes after all
  /// others.
  int compare(Place a, Place b) const {
    if (a.message == b.message) return a.op < b.op ? -1 : a.op > b.op;
    return compare_messages(a.message, b.message);
  }
  bool before(Place a, Place b) const {
    if (b.message == newest_ && a.message != newest_) return true;
    return compare(a, b) < 0;
  }
  int compare_messages(MessageIndex a, MessageIndex b) const;

  /// A message's clock as MessagePack; the bytes stay until the next call.
  ByteSpan clock_of(MessageIndex index) const;
  /// Appends a committed message as it travels.
  void encode(MessageIndex index, Bytes& out) const;
  /// How many bytes encode() appends, at most.
  std::size_t encoded_bytes(MessageIndex index) const;
  Names& clients() { return clients_; }
  const Names& clients() const { return clients_; }
  std::size_t growth(std::size_t bytes) const;

 private:
  void note_newest(MessageIndex index);
  MessageIndex take_cell();
  void fill(MessageRecord& record, const MessageView& view);
  void write_clock(const MessageView& view);
  Names clients_;
  ChunkedVector<MessageRecord, 10> records_;
  std::vector<MessageIndex> free_;
  IndexTable by_id_;
  ByteArena arena_;
  Bytes scratch_;
  mutable Bytes clock_;
  std::uint32_t count_ = 0;
  // The message all others stand before, where that is known: spares a look at both records.
  MessageIndex newest_ = kNoMessage;
  std::uint64_t top_lt_ = 0;  // no order_lt is above it
};

}  // namespace vuer_rtc
