// What the load client says and how it understands the answers: our wire protocol, or that of a
// server to compare with. Each message carries the time of its sending, so whoever receives it
// knows how long it took.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/load_plan.hpp"

namespace vuer_rtc::server {

/// What one connection is called and has said.
struct LoadVoice {
  std::string room;
  std::string client;
  std::uint64_t number = 0;     ///< messages it has sent
  std::uint64_t* lt = nullptr;  ///< the highest of its room
};

enum class Hearing : std::uint8_t { Other, Ready, Delivery, Ack, Fault };

class LoadDialect {
 public:
  virtual ~LoadDialect() = default;
  /// Path and query of the upgrade; empty: plain HTTP.
  virtual std::string target(const LoadVoice& voice) const = 0;
  /// The first message on an open connection; empty: none, and it is ready at once.
  virtual std::string hello(const LoadVoice& voice) const = 0;
  /// True: a connection is ready when the server has said so.
  virtual bool waits() const = 0;
  virtual std::string message(LoadVoice& voice, std::int64_t now) = 0;
  /// `sent` gets the time of each message that a Delivery holds: servers may join several.
  virtual Hearing hear(std::string_view frame, std::vector<std::int64_t>& sent) = 0;
  virtual bool is_text() const { return false; }
  /// The server answers the sender of a message.
  virtual bool acknowledges() const { return false; }
  /// The sender gets its own messages.
  virtual bool echoes() const { return false; }
};

/// msgpack, json: our wire protocol. relay: any server that gives each message to all others. yjs,
/// hocuspocus: updates of a Yjs document. http: requests. Null: there is no such dialect.
std::unique_ptr<LoadDialect> make_dialect(const LoadPlan& plan);

}  // namespace vuer_rtc::server
