// The messages of the y-websocket wire format and of the Zeal clients, which use two forms of
// awareness (endpoint specification, sections 4 and 10.4).
#pragma once

#include "protocol/yjs/awareness.hpp"
#include "protocol/yjs/lib0.hpp"

namespace vuer_rtc::yjs {

enum class Type : std::uint64_t {
  Sync = 0,
  Awareness = 1,
  Auth = 2,
  QueryAwareness = 3,
  Custom = 4,
  DurableMark = 102
};

enum class Sync : std::uint64_t { Step1 = 0, Step2 = 1, Update = 2 };

/// The face a connection speaks through.
enum class Face : std::uint8_t { Yjs, Zeal };

struct Message {
  Type type = Type::Sync;
  Sync sync = Sync::Step1;
  ByteSpan payload;
  std::vector<Presence> presence;  ///< of Awareness
  bool is_bare = false;            ///< awareness without its length
};

/// The next of several messages in one frame. An unknown type takes the rest of the frame. Empty
/// when the reader failed.
Message read_message(Reader& reader, Face face);

Bytes sync_message(Sync kind, ByteSpan payload);
Bytes awareness_message(std::span<const Presence> entries, bool is_bare);
Bytes denied_message(std::string_view reason);
Bytes mark_message(ByteSpan mark);

}  // namespace vuer_rtc::yjs
