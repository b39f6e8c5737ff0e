// What a connection says to a room, decoded. Values the room only passes on stay MessagePack bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "room/rights.hpp"
#include "vuer_rtc/message.hpp"

namespace vuer_rtc::server {

enum class Encoding : std::uint8_t { Json, MessagePack };

/// What a client that comes back already has.
struct Resume {
  std::uint64_t since = 0;  ///< the highest serverSeq it has without a gap
  std::string at;           ///< the id of that message
  std::string epoch;
};

/// The first thing a connection says, from its URL.
struct Join {
  std::string client;
  bool compact = false;  ///< our dialect: compact snapshots, an author's numbers without gaps
  bool legacy = false;   ///< the oldest dialect: `init`, `message`
  Encoding encoding = Encoding::Json;
  std::optional<Resume> resume;
  Right right = Right::Write;
};

struct CrdtFrame {
  Bytes message;  ///< one MessagePack map, not checked yet
};

struct HeartbeatFrame {
  std::optional<std::uint64_t> lt;          ///< highest applied
  std::optional<std::uint64_t> server_seq;  ///< highest known without a gap
};

struct SyncFrame {
  Clock clock;
  Bytes filter;  ///< Bloom filter over message ids; empty: only the clock counts
  std::uint64_t count = 0;
  std::string salt;
};

struct SyncCheckFrame {
  Bytes request_id;  ///< echoed as it came
};

struct PresenceFrame {
  Bytes state;  ///< nil: gone
};

inline constexpr std::uint64_t kMaxHistory = 1000;  ///< entries of one answer

struct HistoryFrame {
  Bytes request_id;                    ///< echoed as it came
  std::uint64_t before = kMaxInteger;  ///< only what has a lower serverSeq
  std::uint64_t limit = kMaxHistory;
};

struct OfferFrame {
  std::vector<std::string> ids;
};

/// A newer token. Whoever drives the room checks it and fills in what it allows; the room never
/// looks at the token.
struct AuthFrame {
  std::string token;
  Right right = Right::Read;
};

/// The id of a message that may be refused, as far as it can be read; else empty.
std::string_view readable_id(ByteSpan message);

using Frame = std::variant<CrdtFrame, HeartbeatFrame, SyncFrame, SyncCheckFrame, PresenceFrame,
                           OfferFrame, AuthFrame, HistoryFrame>;

/// Their `mtype`, in the order of the variant.
inline constexpr std::array<std::string_view, 8> kFrameNames = {
    "crdt", "heartbeat", "sync", "sync-check", "presence", "offer", "auth", "history"};
static_assert(kFrameNames.size() == std::variant_size_v<Frame>);

}  // namespace vuer_rtc::server
