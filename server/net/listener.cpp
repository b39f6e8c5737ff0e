#include "net/listener.hpp"

#include <chrono>

#include "net/http_session.hpp"
#include "net/steady_now.hpp"

namespace vuer_rtc::net {

Listener::Listener(const Loops& loops, std::shared_ptr<Admission> admission,
                   Application& application)
    : loops_(loops),
      acceptor_(loops.front()->context()),
      pause_(loops.front()->context()),
      admission_(std::move(admission)),
      application_(application) {}

bool Listener::open(const tcp::endpoint& endpoint, error_code& error) {
  if (acceptor_.open(endpoint.protocol(), error)) return false;
  if (acceptor_.set_option(asio::socket_base::reuse_address(true), error)) return false;
  if (acceptor_.bind(endpoint, error)) return false;
  return !acceptor_.listen(asio::socket_base::max_listen_connections, error);
}

std::uint16_t Listener::port() const {
  error_code ignored;
  return acceptor_.local_endpoint(ignored).port();
}

void Listener::accept() {
  acceptor_.async_accept([self = shared_from_this()](error_code error, Socket socket) {
    self->on_accept(error, std::move(socket));
  });
}

void Listener::on_accept(error_code error, Socket socket) {
  if (!acceptor_.is_open()) return;
  if (error) {  // out of descriptors, most likely: give others time to close
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([self = shared_from_this()](error_code stopped) {
      if (!stopped) self->accept();
    });
    return;
  }
  const tcp::endpoint remote = socket.remote_endpoint(error);
  if (!error) take(std::move(socket), remote.address());
  accept();
}

/// A TLS handshake costs more than anything else a stranger may ask for, so it is counted here.
void Listener::take(Socket socket, const asio::ip::address& from) {
  auto ticket = admission_->enter(address_name(from), steady_now());
  if (!ticket || (tls_ && ticket->handshake(steady_now()) != 0)) return;
  std::make_shared<HttpSession>(loops_, Link(std::move(socket), tls_), std::move(ticket),
                                application_)
      ->run();
}

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

std::string address_name(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const asio::ip::address_v6 whole = address.to_v6();
  if (whole.is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, whole).to_string();
  asio::ip::address_v6::bytes_type bytes = whole.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace vuer_rtc::net
