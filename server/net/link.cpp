#include "net/link.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <climits>

namespace vuer_rtc::net {

Link::Link(Socket socket, std::shared_ptr<asio::ssl::context> tls)
    : socket_(std::move(socket)), context_(std::move(tls)) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
  if (!context_) return;
  tls_.reset(SSL_new(context_->native_handle()));
  if (!tls_ || SSL_set_fd(tls_.get(), static_cast<int>(socket_.native_handle())) != 1) {
    socket_.close(ignored);
    return;
  }
  SSL_set_mode(tls_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_set_accept_state(tls_.get());
}

void Link::move_to(asio::io_context& context) {
  error_code error;
  const tcp protocol = socket_.local_endpoint(error).protocol();
  Socket moved(context);
  moved.assign(protocol, socket_.release(error), error);
  moved.non_blocking(true, error);
  socket_ = std::move(moved);
}

/// What a call of OpenSSL came to. `other`: what it says when it waits for the other direction.
std::size_t Link::tls_result(int result, bool& wants_other, int other, error_code& error) {
  wants_other = false;
  if (result > 0) return static_cast<std::size_t>(result);
  const int why = SSL_get_error(tls_.get(), result);
  wants_other = why == other;
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
    error = asio::error::would_block;
  } else {
    error = asio::error::eof;
  }
  return 0;
}

std::size_t Link::read(std::span<std::uint8_t> into, error_code& error) {
  error = {};
  if (!tls_) return socket_.read_some(asio::buffer(into.data(), into.size()), error);
  if (!socket_.is_open()) return error = asio::error::eof, 0;
  ERR_clear_error();
  const auto size = static_cast<int>(std::min<std::size_t>(into.size(), INT_MAX));
  return tls_result(SSL_read(tls_.get(), into.data(), size), read_wants_write_,
                    SSL_ERROR_WANT_WRITE, error);
}

std::size_t Link::write(std::span<const std::uint8_t> from, error_code& error) {
  error = {};
  if (!tls_) return socket_.write_some(asio::buffer(from.data(), from.size()), error);
  if (!socket_.is_open()) return error = asio::error::eof, 0;
  ERR_clear_error();
  const auto size = static_cast<int>(std::min<std::size_t>(from.size(), INT_MAX));
  return tls_result(SSL_write(tls_.get(), from.data(), size), write_wants_read_,
                    SSL_ERROR_WANT_READ, error);
}

void Link::finish() {
  error_code ignored;
  if (tls_ && socket_.is_open() && SSL_is_init_finished(tls_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
  }
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void Link::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace vuer_rtc::net
