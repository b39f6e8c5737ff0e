// The network: one event loop, a listener, HTTP and WebSocket sessions, timers and signals. Asio
// stays behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/application.hpp"

namespace vuer_rtc::net {

struct Limits {
  std::size_t message_bytes = 1 << 20;  ///< of one WebSocket message; over it: close 1009
  std::size_t queue_bytes = 1 << 20;    ///< what may wait for a slow reader; over it: close 4009
  std::size_t queue_frames = 1000;
  std::size_t connections_per_address = 1000;  ///< 0: no limit
};

class Server {
 public:
  explicit Server(const Limits& limits);
  ~Server();

  /// Listens; gives the port. Nothing, and `fault` says why, when it cannot.
  bool listen(const std::string& host, std::uint16_t port, Application& application,
              std::string& fault);
  std::uint16_t port() const;

  /// Runs `what` on the loop, later. May be called from any thread.
  void post(std::function<void()> what);
  /// Calls `what` again and again; it returns the milliseconds until the next time.
  void repeat(std::function<int()> what);
  /// The next call of `repeat`'s function comes within so many milliseconds.
  void hurry(int milliseconds);
  void on_signal(std::function<void()> what);

  void run();  ///< until stop()
  void stop_listening();
  /// Ends the loop when no connection is at work any more, at the latest after `milliseconds`.
  void stop(int milliseconds);
  /// Ends the loop after `milliseconds`, whatever happens.
  void stop_at_latest(int milliseconds);

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace vuer_rtc::net
