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
  std::int64_t arrived = 0;  ///< an ack: Now::nanos when its message came
};

struct Close {
  ConnectionId connection = 0;
  int code = 0;
  std::string reason;
};

/// Bring `write` to disk, then call Room::on_committed, or Room::on_commit_failed. At most one is
/// under way.
struct Commit {
  LogWrite write;
};

/// Look these ids up in the log, then call Room::on_recalled. Never beside a commit of this room.
struct Recall {
  std::vector<std::string> ids;
};

using Action = std::variant<Send, Close, Commit, Recall>;

/// Close codes of the wire protocol, section 1.
struct CloseCode {
#define CLOSE(symbol, code, when, client) static constexpr int symbol = code;
#include "room/close_codes.def"
};

}  // namespace vuer_rtc::server
