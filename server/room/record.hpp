// The schema of a room over its log: entries are messages as everybody gets them (MessagePack,
// stamped), ids the accepted messages, authors their last numbers, the state says what is folded.
// Ids and authors outlive the journal, so that a repeat is known as long as the document lives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/log_store.hpp"
#include "vuer_rtc/message.hpp"

namespace vuer_rtc::server {

inline constexpr std::string_view kRoomSchema = "room";

inline LogId room_log(const std::string& name) { return {std::string(kRoomSchema), name}; }

/// One accepted message as the door remembers it.
struct AcceptedMessage {
  std::string id;
  std::uint64_t server_seq = 0;
  std::uint64_t lt = 0;
  std::int64_t stable = kNoLine;  ///< the line it was accepted under
  Hash content{};                 ///< content_hash of the message as received
};

/// An author's last accepted message.
struct AuthorRecord {
  std::string client;
  std::uint64_t number = 0;
  std::uint64_t lt = 0;
  std::uint64_t named = 0;  ///< highest number in an id "<client>:<number>" of its
};

/// What the snapshot of a room holds.
struct FoldedState {
  std::int64_t stable = kNoLine;
  std::uint64_t folded_seq = 0;  ///< highest serverSeq ever folded
};

/// An id of the form "<client>:<number>", as stores give them.
struct NumberedId {
  std::string_view client;
  std::uint64_t number = 0;  ///< at most kMaxInteger
};
std::optional<NumberedId> numbered_id(std::string_view id);

LogRow row_of(const AcceptedMessage& message);
LogRow row_of(const AuthorRecord& author);
Bytes state_bytes(const FoldedState& state);

// Storage: the row is not one of these.
Result<AcceptedMessage> accepted_of(const LogRow& row);
Result<AuthorRecord> author_of(const LogRow& row);
/// Of an empty state: nothing is folded.
Result<FoldedState> folded_of(ByteSpan state);

}  // namespace vuer_rtc::server
