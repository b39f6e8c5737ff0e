// One WebSocket to the server at a time, opened again a moment after it is gone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc::e2e {

struct ConnectionEvents {
  std::function<std::string()> target;  ///< asked before every attempt
  std::function<void(ByteSpan)> frame;
  std::function<void()> lost;
};

class Connection {
 public:
  Connection(boost::asio::io_context& io, std::uint16_t port, ConnectionEvents events);
  void open();
  void send(Bytes frame);
  /// Drops the socket without a goodbye.
  void cut();

 private:
  using error_code = boost::system::error_code;
  /// What belongs to one socket; callbacks of an older one are ignored.
  struct Link {
    explicit Link(boost::asio::io_context& io) : socket(io) {}
    boost::beast::websocket::stream<boost::asio::ip::tcp::socket> socket;
    boost::beast::flat_buffer incoming;
    std::deque<Bytes> outgoing;
  };
  using Held = std::shared_ptr<Link>;

  void connected(const Held& link);
  void read(const Held& link);
  void write(const Held& link);
  void failed(const Held& link);

  boost::asio::io_context& io_;
  std::uint16_t port_;
  ConnectionEvents events_;
  Held link_;
  boost::asio::steady_timer retry_;
};

}  // namespace vuer_rtc::e2e
