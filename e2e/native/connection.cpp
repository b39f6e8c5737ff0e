// Asynchronous Beast on one thread, so that reading, writing and the test's commands take turns.
#include "connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <chrono>
#include <utility>

namespace vuer_rtc::e2e {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kRetryAfter{150};

}  // namespace

Connection::Connection(asio::io_context& io, std::uint16_t port, ConnectionEvents events)
    : io_(io), port_(port), events_(std::move(events)), retry_(io) {}

void Connection::open() {
  const Held link = link_ = std::make_shared<Link>(io_);
  const asio::ip::tcp::endpoint server(asio::ip::address_v4::loopback(), port_);
  link->socket.next_layer().async_connect(server, [this, link](const error_code& error) {
    if (error) return failed(link);
    connected(link);
  });
}

void Connection::connected(const Held& link) {
  link->socket.binary(true);
  link->socket.read_message_max(64u << 20);
  const std::string host = "127.0.0.1:" + std::to_string(port_);
  link->socket.async_handshake(host, events_.target(), [this, link](const error_code& error) {
    if (error) return failed(link);
    read(link);
  });
}

void Connection::read(const Held& link) {
  link->socket.async_read(link->incoming, [this, link](const error_code& error, std::size_t) {
    if (error) return failed(link);
    if (link != link_) return;
    const auto data = link->incoming.cdata();
    events_.frame({static_cast<const std::uint8_t*>(data.data()), data.size()});
    link->incoming.consume(link->incoming.size());
    read(link);
  });
}

void Connection::send(Bytes frame) {
  if (!link_) return;
  link_->outgoing.push_back(std::move(frame));
  if (link_->outgoing.size() == 1) write(link_);
}

void Connection::write(const Held& link) {
  const auto bytes = asio::buffer(link->outgoing.front());
  link->socket.async_write(bytes, [this, link](const error_code& error, std::size_t) {
    if (error) return failed(link);
    link->outgoing.pop_front();
    if (!link->outgoing.empty()) write(link);
  });
}

void Connection::cut() {
  if (!link_) return;
  const Held link = link_;
  error_code ignored;
  link->socket.next_layer().close(ignored);
  failed(link);
}

void Connection::failed(const Held& link) {
  if (link != link_) return;
  link_.reset();
  events_.lost();
  retry_.expires_after(kRetryAfter);
  retry_.async_wait([this](const error_code& error) {
    if (!error) open();
  });
}

}  // namespace vuer_rtc::e2e
