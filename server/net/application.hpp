// What the network layer asks of the program, and what the program may do with a connection. Bytes
// only: nothing here knows what a frame means.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/policy.hpp"

namespace vuer_rtc::net {

struct Request {
  std::string method;
  std::string target;  ///< as sent: path and query, percent-encoded
  std::string host;
  std::string origin;
  bool has_origin = false;
  std::string authorization;
  std::string protocols;  ///< the WebSocket subprotocols offered, one list
  std::string body;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// What a slow reader may lose: JoinData does not count against its queue, of Presence the newest
/// is enough.
enum class Weight : std::uint8_t { Ordered, JoinData, Presence };

/// One WebSocket message to send; `owner` keeps the bytes alive and is shared by all who get them.
struct Outgoing {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
  bool text = false;
  Weight weight = Weight::Ordered;
};

/// A WebSocket connection as the program sees it. Calls never call back before they return.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void send(Outgoing message) = 0;
  /// Closes after everything sent so far.
  virtual void close(int code, std::string_view reason) = 0;
  /// Messages that wait to be sent.
  virtual std::size_t waiting() const = 0;
  /// Reads on after on_message had said no.
  virtual void resume_reading() = 0;
};

/// What becomes of a request for a WebSocket.
struct Upgrade {
  int refused_with = 0;  ///< a status of HTTP, or 0: it is opened under this policy
  const ConnectionPolicy* policy = nullptr;  ///< lives as long as the application
  std::string subprotocol;                   ///< named in the answer; empty: none
  std::size_t loop = 0;                      ///< the one it is served on from then on
};

/// The program's side of a connection. Nothing is called after on_gone.
class Talk {
 public:
  virtual ~Talk() = default;
  /// False: read no further until resume_reading().
  virtual bool on_message(std::string_view bytes, bool text) = 0;
  /// A message over the rate limit: it was read, and is to be refused.
  virtual void on_refused(std::string_view bytes, bool text, std::int64_t retry_after) = 0;
  /// Nothing waits to be sent any more.
  virtual void on_drained() = 0;
  virtual void on_gone() = 0;
  /// A ping leaves; `all_sent`: behind everything that was sent until now.
  virtual void on_ping(bool all_sent) { static_cast<void>(all_sent); }
  /// The answer to that ping has come.
  virtual void on_pong() {}
};

/// Requests are heard on the first loop, a connection on the one that its Upgrade names.
class Application {
 public:
  virtual ~Application() = default;
  virtual Upgrade judge(const Request& request) = 0;
  /// A WebSocket was opened. Null when the program has closed it already.
  virtual std::unique_ptr<Talk> connect(const Request& request, Peer& peer) = 0;
  /// Plain HTTP. The answer may come later, and from any loop.
  virtual void answer(const Request& request, std::function<void(Response)> done) = 0;
};

}  // namespace vuer_rtc::net
