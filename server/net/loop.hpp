// One event loop: its connections, its timers, and the buffers they all use in turn, so that a
// connection that waits has none of its own.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <vector>

#include "net/beast.hpp"

namespace vuer_rtc::net {

/// Something that gathers what it is told to send until the end of a turn of the loop.
class Sender {
 public:
  virtual ~Sender() = default;
  virtual void flush() = 0;
};

class Loop {
 public:
  asio::io_context& context() { return context_; }

  /// Calls flush() once, after everything that is ready to run now.
  void flush_later(std::shared_ptr<Sender> sender) {
    if (unflushed_.empty()) asio::post(context_, [this] { flush(); });
    unflushed_.push_back(std::move(sender));
  }

  /// Keeps a session that may have no operation under way (it is not read on, for a while) until it
  /// is dropped.
  void keep(std::shared_ptr<void> session) { kept_.insert(std::move(session)); }
  void drop(const std::shared_ptr<void>& session) { kept_.erase(session); }
  /// Sessions go before the loop their sockets belong to.
  ~Loop() {
    unflushed_.clear();
    kept_.clear();
  }

  /// Both hold something only during one call.
  std::span<std::uint8_t> incoming() { return incoming_; }
  std::span<std::uint8_t> outgoing() { return outgoing_; }

 private:
  void flush() {
    for (const auto& sender : std::exchange(unflushed_, {})) sender->flush();
  }

  asio::io_context context_{1};  // run by one thread
  std::vector<std::shared_ptr<Sender>> unflushed_;
  std::set<std::shared_ptr<void>> kept_;
  std::array<std::uint8_t, 16 * 1024> incoming_;  // so much of one connection, then of the next
  std::array<std::uint8_t, 64 * 1024> outgoing_;
};

/// Those of the server. The first one listens, and serves HTTP.
using Loops = std::vector<std::unique_ptr<Loop>>;

}  // namespace vuer_rtc::net
