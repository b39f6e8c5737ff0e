#include "protocol/yjs/update.hpp"

#include <algorithm>

namespace vuer_rtc::yjs {
namespace {

// The least bytes of each in an update.
constexpr std::uint64_t kLeastBlock = 3, kLeastStruct = 2, kLeastRange = 2, kLeastEntry = 2;

bool advance(Reader& reader, Clock& clock, std::uint64_t length) {
  if (length > kMaxInteger - clock) reader.fail(Fault::ClockRange);
  clock += reader.ok() ? length : 0;
  return reader.ok();
}

/// Neighbouring Gcs become one already here: they are the cheapest way to ask for memory.
void keep(std::vector<Struct>& structs, Struct&& found) {
  const bool joins = found.kind == Kind::Gc && !structs.empty() &&
                     structs.back().kind == Kind::Gc && structs.back().end() == found.clock;
  if (joins) {
    structs.back().length += found.length;
  } else {
    structs.push_back(std::move(found));
  }
}

void read_block(Reader& reader, Update& out) {
  const std::uint64_t count = reader.count(kLeastStruct);
  Update::Block<Struct> block;
  block.client = reader.var_uint();
  Clock clock = reader.var_uint();
  if (!out.structs.empty() && block.client >= out.structs.back().client) out.is_clean = false;
  block.entries.reserve(std::min(count, reader.left() / (kLeastStruct + 1) + 1));
  for (std::uint64_t i = 0; i < count && reader.ok(); i++) {
    Struct found = read_struct(reader, out.bytes.owner, clock);
    if (!advance(reader, clock, found.length)) return;
    if (found.kind == Kind::Skip || found.length == 0) {
      out.is_clean = false;
    } else {
      keep(block.entries, std::move(found));
    }
  }
  if (count == 0) out.is_clean = false;
  out.structs.push_back(std::move(block));
}

void read_deletes(Reader& reader, Update& out) {
  Update::Block<Range> block;
  block.client = reader.var_uint();
  const std::uint64_t count = reader.count(kLeastRange);
  block.entries.reserve(count);
  for (std::uint64_t i = 0; i < count && reader.ok(); i++) {
    Clock clock = reader.var_uint();
    const Clock from = clock;
    if (!advance(reader, clock, reader.var_uint())) return;
    if (clock != from) block.entries.push_back({from, clock});
    if (clock == from) out.is_clean = false;
  }
  if (block.entries.empty()) out.is_clean = false;
  out.deletes.push_back(std::move(block));
}

bool has_repeated_client(const std::vector<Update::Block<Range>>& blocks) {
  if (blocks.size() < 2) return false;
  std::vector<ClientId> clients;
  for (const auto& block : blocks) clients.push_back(block.client);
  std::sort(clients.begin(), clients.end());
  return std::adjacent_find(clients.begin(), clients.end()) != clients.end();
}

}  // namespace

void StateVector::sort() {
  std::sort(entries_.begin(), entries_.end(), [](const Id& a, const Id& b) {
    return a.client != b.client ? a.client > b.client : a.clock > b.clock;
  });
  const auto is_same = [](const Id& a, const Id& b) { return a.client == b.client; };
  entries_.erase(std::unique(entries_.begin(), entries_.end(), is_same), entries_.end());
}

Clock StateVector::at(ClientId client) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), client,
                       [](const Id& entry, ClientId wanted) { return entry.client > wanted; });
  return found == entries_.end() || found->client != client ? 0 : found->clock;
}

Bytes StateVector::write() const {
  Writer writer;
  writer.var_uint(entries_.size());
  for (const Id& entry : entries_) writer.var_uint(entry.client), writer.var_uint(entry.clock);
  return writer.take();
}

StateVector read_vector(Reader& reader) {
  StateVector vector;
  for (std::uint64_t n = reader.count(kLeastEntry); n > 0 && reader.ok(); n--) {
    const ClientId client = reader.var_uint();
    vector.set(client, reader.var_uint());
  }
  if (!reader.ok()) return {};
  vector.sort();
  return vector;
}

Fault read_update(Slice bytes, Update& out) {
  Reader reader(ByteSpan(*bytes.owner).first(bytes.offset + bytes.size));
  reader.bytes(bytes.offset);
  out = {};
  out.bytes = std::move(bytes);
  for (std::uint64_t n = reader.count(kLeastBlock); n > 0 && reader.ok(); n--)
    read_block(reader, out);
  for (std::uint64_t n = reader.count(kLeastEntry); n > 0 && reader.ok(); n--)
    read_deletes(reader, out);
  if (reader.left() != 0 || reader.had_long_number() || has_repeated_client(out.deletes))
    out.is_clean = false;
  return reader.fault();
}

void BlockWriter::write(std::span<const Struct> parts) {
  write_struct(body_, client_, parts);
  count_++;
}

void BlockWriter::flush_gc() {
  if (gc_.length != 0) write({&gc_, 1});
  gc_ = {};
}

void BlockWriter::put(std::span<const Struct> parts) {
  const Struct& first = parts.front();
  if (empty()) start_ = end_ = first.clock;
  if (first.clock > end_) {
    flush_gc();
    Struct skip;
    skip.kind = Kind::Skip;
    skip.length = first.clock - end_;
    write({&skip, 1});
  }
  end_ = parts.back().end();
  if (first.kind == Kind::Gc) {
    for (const Struct& part : parts) gc_.length += part.length;
  } else {
    flush_gc();
    write(parts);
  }
}

void BlockWriter::finish(Writer& writer) {
  flush_gc();
  writer.var_uint(count_);
  writer.var_uint(client_);
  writer.var_uint(start_);
  writer.raw(body_.view());
}

void UpdateWriter::add(BlockWriter& block) {
  if (block.empty()) return;
  blocks_++;
  block.finish(body_);
}

void UpdateWriter::add_deletes(ClientId client, std::span<const Range> ranges) {
  if (ranges.empty()) return;
  clients_++;
  deletes_.var_uint(client);
  deletes_.var_uint(ranges.size());
  for (const Range& range : ranges) {
    deletes_.var_uint(range.from);
    deletes_.var_uint(range.to - range.from);
  }
}

Bytes UpdateWriter::take() const {
  Writer writer;
  writer.var_uint(blocks_);
  writer.raw(body_.view());
  writer.var_uint(clients_);
  writer.raw(deletes_.view());
  return writer.take();
}

}  // namespace vuer_rtc::yjs
