#include "net/listener.hpp"

#include <chrono>

#include "net/http_session.hpp"

namespace vuer_rtc::net {

Listener::Listener(asio::io_context& context, std::shared_ptr<Admission> admission,
                   Application& application, const Limits& limits)
    : acceptor_(context),
      pause_(context),
      admission_(std::move(admission)),
      application_(application),
      limits_(limits) {}

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
  acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
    self->on_accept(error, std::move(socket));
  });
}

void Listener::on_accept(error_code error, tcp::socket socket) {
  if (!acceptor_.is_open()) return;
  if (error) {  // out of descriptors, most likely: give others time to close
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([self = shared_from_this()](error_code stopped) {
      if (!stopped) self->accept();
    });
    return;
  }
  const tcp::endpoint remote = socket.remote_endpoint(error);
  if (!error) {
    if (auto ticket = admission_->enter(remote.address().to_string())) {
      std::make_shared<HttpSession>(std::move(socket), std::move(ticket), application_, limits_)
          ->run();
    }
  }
  accept();
}

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

}  // namespace vuer_rtc::net
