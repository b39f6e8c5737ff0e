// The bytes of one connection, with TLS or without, so that sessions are written (and compiled)
// once. It has the form Beast wants of a stream, tells a watcher what arrives, and can be deafened:
// then it still reads, so that the peer gets our close, but gives nothing on.
#pragma once

#include <array>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/buffers_prefix.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "net/beast.hpp"

namespace vuer_rtc::net {

class Link {
 public:
  using executor_type = beast::tcp_stream::executor_type;
  using Bytes = std::span<const std::uint8_t>;
  /// False: this and everything after it goes to nobody.
  using Watcher = std::function<bool(Bytes)>;

  Link(tcp::socket socket, std::shared_ptr<asio::ssl::context> tls)
      : parts_(std::make_unique<Parts>(std::move(socket), std::move(tls))) {}

  executor_type get_executor() { return parts_->lower.get_executor(); }
  beast::tcp_stream& tcp_layer() { return parts_->lower; }
  bool has_tls() const { return parts_->tls.has_value(); }
  void close() { parts_->lower.close(); }
  void watch(Watcher watcher) { parts_->watcher = std::move(watcher); }

  template <class Done>
  void handshake(Done done) {
    parts_->tls->async_handshake(asio::ssl::stream_base::server, std::move(done));
  }

  /// Says goodbye in TLS; at once without.
  template <class Done>
  void shut_down(Done done) {
    parts_->tls->async_shutdown(std::move(done));
  }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    const auto executor = asio::get_associated_executor(handler, get_executor());
    auto on_bytes = [parts = parts_.get(), buffers, executor,
                     handler = std::forward<Handler>(handler)](error_code error,
                                                               std::size_t count) mutable {
      if (parts->heard(buffers, error ? 0 : count)) return handler(error, count);
      parts->drop_all(executor, std::move(handler));
    };
    parts_->read(buffers, asio::bind_executor(executor, std::move(on_bytes)));
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (parts_->tls) {
      parts_->tls->async_write_some(buffers, std::forward<Handler>(handler));
    } else {
      parts_->lower.async_write_some(buffers, std::forward<Handler>(handler));
    }
  }

 private:
  /// On the heap: operations point into it while the link itself moves.
  struct Parts {
    Parts(tcp::socket socket, std::shared_ptr<asio::ssl::context> wanted)
        : lower(std::move(socket)), context(std::move(wanted)) {
      if (context) tls.emplace(lower, *context);
    }

    template <class Buffers>
    bool heard(const Buffers& buffers, std::size_t count) {
      if (!watcher) return true;
      for (const auto piece : beast::buffers_range(beast::buffers_prefix(count, buffers)))
        if (!watcher({static_cast<const std::uint8_t*>(piece.data()), piece.size()})) return false;
      return true;
    }

    template <class Buffers, class Handler>
    void read(const Buffers& buffers, Handler handler) {
      if (tls) {
        tls->async_read_some(buffers, std::move(handler));
      } else {
        lower.async_read_some(buffers, std::move(handler));
      }
    }

    /// Reads until the end and gives only that to the handler.
    template <class Executor, class Handler>
    void drop_all(Executor executor, Handler handler) {
      if (!dropped) dropped = std::make_unique<std::array<std::uint8_t, 4096>>();
      auto on_bytes = [this, executor, handler = std::move(handler)](error_code error,
                                                                     std::size_t) mutable {
        if (error) return handler(error, 0);
        drop_all(executor, std::move(handler));
      };
      read(asio::buffer(*dropped), asio::bind_executor(executor, std::move(on_bytes)));
    }

    beast::tcp_stream lower;
    std::shared_ptr<asio::ssl::context> context;
    std::optional<asio::ssl::stream<beast::tcp_stream&>> tls;
    Watcher watcher;
    std::unique_ptr<std::array<std::uint8_t, 4096>> dropped;
  };

  std::unique_ptr<Parts> parts_;
};

/// Beast ends what takes too long by this name.
inline void beast_close_socket(Link& link) { link.close(); }

/// And an orderly end by this one. The peer has said goodbye already, so the end of TLS is enough.
template <class Handler>
void async_teardown(beast::role_type role, Link& link, Handler&& handler) {
  if (link.has_tls()) {
    link.shut_down(std::forward<Handler>(handler));
  } else {
    async_teardown(role, link.tcp_layer(), std::forward<Handler>(handler));
  }
}

}  // namespace vuer_rtc::net
