// The frames a room sends, each built once in MessagePack (wire protocol, section 2).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "room/action.hpp"
#include "room/journal.hpp"

namespace vuer_rtc::server {

inline constexpr int kRetryAfterMs = 1000;

/// The name of a `want`, `broadcast` or older `message` frame and so on is the wire's own.
struct StateAnswer {
  bool legacy = false;
  ByteSpan snapshot;  ///< MessagePack; empty: resumed, no snapshot
  std::span<const JournalEntry> journal;
  std::uint64_t server_seq = 0;
  std::string_view epoch;
  std::int64_t stable = kNoLine;
  std::string_view reason;
  Right right = Right::Read;
};

struct ErrorAnswer {
  std::string_view id;  ///< empty: unreadable
  ErrorCode code = ErrorCode::Internal;
  std::string_view text;
  std::optional<std::uint64_t> expected;
  std::int64_t retry_after = kRetryAfterMs;
};

struct StatusAnswer {
  ByteSpan request_id;
  Clock clock;
  Hash checksum{};
  std::uint64_t lt = 0;
  std::uint64_t server_seq = 0;
};

SharedFrame state_frame(const StateAnswer& answer);
/// `broadcast`, the older `message`, or `crdt` for what the server wrote itself.
SharedFrame message_frame(std::string_view mtype, ByteSpan message);
/// `changed`: the message as stored, when the door changed its ops; else empty.
SharedFrame ack_frame(const AcceptedMessage& accepted, ByteSpan changed);
SharedFrame error_frame(const ErrorAnswer& answer);
SharedFrame heartbeat_frame(std::uint64_t server_seq, std::int64_t stable, std::int64_t time);
SharedFrame status_frame(const StatusAnswer& answer);
SharedFrame sync_done_frame(std::uint64_t server_seq);
SharedFrame want_frame(std::span<const std::string> ids);
SharedFrame presence_frame(std::string_view client, ByteSpan state);
SharedFrame history_frame(ByteSpan request_id, std::span<const JournalEntry> entries);
SharedFrame reset_frame();

/// Lower-case hex.
std::string hex(const Hash& hash);

}  // namespace vuer_rtc::server
