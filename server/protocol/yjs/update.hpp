// Update format v1 and state vectors: reading and checking all of it before anything happens, and
// writing (endpoint specification, sections 5 and 7.1).
#pragma once

#include <vector>

#include "protocol/yjs/struct.hpp"

namespace vuer_rtc::yjs {

/// Clocks from `from` up to `to`, which is not in it.
struct Range {
  Clock from = 0, to = 0;
};

/// The next clock wanted of each client; clients not named count as 0.
class StateVector {
 public:
  void set(ClientId client, Clock next) { entries_.push_back({client, next}); }
  /// After the last set(): descending by client, of a repeated one the larger number.
  void sort();
  Clock at(ClientId client) const;
  const std::vector<Id>& entries() const { return entries_; }
  Bytes write() const;

 private:
  std::vector<Id> entries_;
};

/// Empty when the reader has failed.
StateVector read_vector(Reader& reader);

/// What was received, as it stands: blocks of one client may be repeated, ranges may overlap.
struct Update {
  template <class Entry>
  struct Block {
    ClientId client = 0;
    std::vector<Entry> entries;
  };
  Slice bytes;
  std::vector<Block<Struct>> structs;
  std::vector<Block<Range>> deletes;
  bool is_clean = true;  ///< written as we would: may be passed on as it is
};

/// None, or why the bytes are refused.
Fault read_update(Slice bytes, Update& out);

/// The structs of one client on their way out. Holes become Skips, neighbouring Gcs one.
class BlockWriter {
 public:
  explicit BlockWriter(ClientId client) : client_(client) {}
  /// One struct, or several that continue each other; not before the end of what was put.
  void put(std::span<const Struct> parts);
  void put(const Struct& one) { put({&one, 1}); }
  bool empty() const { return count_ == 0 && gc_.length == 0; }
  Clock end() const { return end_; }
  std::size_t size() const { return body_.size(); }
  void finish(Writer& writer);

 private:
  void flush_gc();
  void write(std::span<const Struct> parts);
  ClientId client_;
  std::uint64_t count_ = 0;
  Clock start_ = 0, end_ = 0;
  Struct gc_;  // held back: the next may join it
  Writer body_;
};

/// Blocks, which are to come with clients descending, and then the deletes.
class UpdateWriter {
 public:
  void add(BlockWriter& block);
  void add_deletes(ClientId client, std::span<const Range> ranges);
  Bytes take() const;

 private:
  std::uint64_t blocks_ = 0, clients_ = 0;
  Writer body_, deletes_;
};

}  // namespace vuer_rtc::yjs
