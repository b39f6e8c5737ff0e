// The bytes of one connection, with TLS or without. Reads and writes never wait, and waiting needs
// no buffer: that is what makes an idle connection small. OpenSSL works on the socket itself.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <span>

#include "net/beast.hpp"

namespace vuer_rtc::net {

class Link {
 public:
  Link(Socket socket, std::shared_ptr<asio::ssl::context> tls);

  bool has_tls() const { return tls_ != nullptr; }
  /// From now on it belongs to another loop. Nothing may be waited for.
  void move_to(asio::io_context& context);

  /// How much there was; would_block when there is nothing now. With TLS it shakes hands first.
  std::size_t read(std::span<std::uint8_t> into, error_code& error);
  /// How much was taken; would_block when nothing was. With TLS the bytes that were not taken must
  /// be given again.
  std::size_t write(std::span<const std::uint8_t> from, error_code& error);

  /// Calls done(error) when read() may find something.
  template <class Done>
  void wait_to_read(Done done) {
    const auto what = read_wants_write_ ? Socket::wait_write : Socket::wait_read;
    socket_.async_wait(what, std::move(done));
  }
  template <class Done>
  void wait_to_write(Done done) {
    const auto what = write_wants_read_ ? Socket::wait_read : Socket::wait_write;
    socket_.async_wait(what, std::move(done));
  }

  /// Nothing more will be written: says goodbye in TLS, then ends this direction.
  void finish();
  void close();

 private:
  struct FreeTls {
    void operator()(SSL* tls) const { SSL_free(tls); }
  };
  std::size_t tls_result(int result, bool& wants_other, int other, error_code& error);

  Socket socket_;
  std::shared_ptr<asio::ssl::context> context_;
  std::unique_ptr<SSL, FreeTls> tls_;  // null: none
  bool read_wants_write_ = false, write_wants_read_ = false;
};

}  // namespace vuer_rtc::net
