// The network: event loops with a thread each, a listener, HTTP and WebSocket sessions, timers and
// signals. Asio stays behind it. Where nothing else is said, things happen on the first loop, whose
// thread is that of run().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/application.hpp"

namespace vuer_rtc::net {

class Server {
 public:
  explicit Server(const AddressPolicy& policy, std::size_t loops = 1);
  ~Server();

  /// Listens; gives the port. Nothing, and `fault` says why, when it cannot.
  bool listen(const std::string& host, std::uint16_t port, Application& application,
              std::string& fault);
  std::uint16_t port() const;
  /// New connections speak TLS with these files. False, and `fault` says why, when they are no
  /// good; what was used before stays then.
  bool use_tls(const std::string& certificate_file, const std::string& key_file,
               std::string& fault);

  std::size_t loop_count() const;
  /// Runs `what` on a loop, later. May be called from any thread.
  void post(std::function<void()> what, std::size_t loop = 0);
  /// The same, but now where this is called on that loop.
  void dispatch(std::function<void()> what, std::size_t loop);
  /// Calls `what` again and again; it returns the milliseconds until the next time. To be asked for
  /// before run().
  void repeat(std::function<int()> what, std::size_t loop = 0);
  /// The next call of `repeat`'s function comes within so many milliseconds. Called on that loop.
  void hurry(int milliseconds, std::size_t loop = 0);
  /// SIGTERM and SIGINT.
  void on_signal(std::function<void()> what);
  /// SIGHUP.
  void on_hangup(std::function<void()> what);

  void run();  ///< until stop()
  void stop_listening();
  /// Ends the loop when no connection is at work any more, at the latest after `milliseconds`.
  void stop(int milliseconds);
  /// Ends the loop after `milliseconds`, whatever happens.
  void stop_at_latest(int milliseconds);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vuer_rtc::net
