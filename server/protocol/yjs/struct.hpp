// One struct of a Yjs document: a range of clocks of one client with what happened there (endpoint
// specification, sections 5 and 6). It is a view into the bytes it came in, so neither adding nor
// cutting copies content; its head is decoded again when somebody asks.
#pragma once

#include <memory>
#include <optional>

#include "protocol/yjs/lib0.hpp"

namespace vuer_rtc::yjs {

using ClientId = std::uint64_t;
using Clock = std::uint64_t;

struct Id {
  ClientId client = 0;
  Clock clock = 0;
  friend bool operator==(const Id& a, const Id& b) {
    return a.client == b.client && a.clock == b.clock;
  }
};

/// Bytes inside a buffer that many share.
struct Slice {
  std::shared_ptr<const Bytes> owner;
  std::uint32_t offset = 0, size = 0;
  ByteSpan view() const { return ByteSpan(*owner).subspan(offset, size); }
};

inline Slice whole(Bytes bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  return {std::make_shared<const Bytes>(std::move(bytes)), 0, size};
}

enum class Kind : std::uint8_t {
  Gc,
  Deleted,
  Json,
  Binary,
  Text,
  Embed,
  Format,
  Type,
  Any,
  Subdocument,
  Skip
};

struct Struct {
  Clock clock = 0;
  std::uint64_t length = 0;
  Slice content;           ///< behind the counts that cutting changes; empty: Gc, Deleted, Skip
  std::uint32_t head = 0;  ///< where the head begins in the content's buffer
  Kind kind = Kind::Gc;
  bool is_tail : 1 = false;     ///< a part behind a cut: its origin is the unit before it
  bool half_front : 1 = false;  ///< begins with the second half of a surrogate pair
  bool half_back : 1 = false;   ///< ends with the first half of one

  Clock end() const { return clock + length; }
};

/// What an item says about its place. With an origin of either side there is nothing else.
struct Head {
  std::optional<Id> origin, right_origin, parent;
  std::optional<std::string_view> root, key;
  bool has_key = false;  ///< lives under a key, even if it is the neighbour who knows which
};

/// `item` is neither Gc nor Skip.
Head head_of(const Struct& item, ClientId client);

/// Reads what stands at `clock`. `owner` holds the reader's bytes.
Struct read_struct(Reader& reader, const std::shared_ptr<const Bytes>& owner, Clock clock);

/// The part from `from` to `to`, which lie inside and are not equal (section 7.3).
Struct cut(const Struct& whole, Clock from, Clock to);

/// Several structs that continue each other are written as one with the head of the first.
void write_struct(Writer& writer, ClientId client, std::span<const Struct> parts);

}  // namespace vuer_rtc::yjs
