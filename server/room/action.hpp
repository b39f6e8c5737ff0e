// What a room wants done: frames to send, connections to close, data to commit. The shell around it
// obeys in order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "room/frame.hpp"
#include "room/record.hpp"

namespace vuer_rtc::server {

using ConnectionId = std::uint64_t;

/// One frame, encoded once in MessagePack and shared by all who get it. The shell keeps the JSON
/// text beside it when the first JSON reader asks.
struct OutFrame {
  Bytes bytes;
  mutable std::shared_ptr<const std::string> json;
};
using SharedFrame = std::shared_ptr<const OutFrame>;

struct Recipient {
  ConnectionId connection = 0;
  Encoding encoding = Encoding::Json;
};

/// How a frame counts against a slow reader's queue. Answer and JoinData do not: the reader asked
/// for them and is not read on while they wait. Of Presence the newest is enough.
enum class Delivery : std::uint8_t { Ordered, Answer, JoinData, Presence };

struct Send {
  SharedFrame frame;
  std::vector<Recipient> to;
  Delivery delivery = Delivery::Ordered;
};

struct Close {
  ConnectionId connection = 0;
  int code = 0;
  std::string reason;
};

/// Bring `write` to disk, then call Room::on_committed, or Room::on_commit_failed. At most one is
/// under way.
struct Commit {
  RoomWrite write;
};

using Action = std::variant<Send, Close, Commit>;

/// Close codes of the wire protocol, section 1.
struct CloseCode {
  static constexpr int kInvalidUtf8 = 1007;
  static constexpr int kTooBig = 1009;
  static constexpr int kRestart = 1012;
  static constexpr int kTryLater = 1013;
  static constexpr int kWrongPath = 4000;
  static constexpr int kNoSession = 4001;
  static constexpr int kForbidden = 4003;
  static constexpr int kRoomFull = 4004;
  static constexpr int kSlowReader = 4009;
  static constexpr int kReplaced = 4010;
};

}  // namespace vuer_rtc::server
