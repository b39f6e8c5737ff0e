// Takes connections in and hands each to a session.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "net/admission.hpp"
#include "net/application.hpp"
#include "net/loop.hpp"

namespace vuer_rtc::net {

class Listener final : public std::enable_shared_from_this<Listener> {
 public:
  Listener(const Loops& loops, std::shared_ptr<Admission> admission, Application& application);

  bool open(const tcp::endpoint& endpoint, error_code& error);
  void accept();
  void close();
  std::uint16_t port() const;
  /// Connections from now on speak TLS with this.
  void use_tls(std::shared_ptr<asio::ssl::context> tls) { tls_ = std::move(tls); }

 private:
  void on_accept(error_code error, Socket socket);
  void take(Socket socket, const asio::ip::address& from);

  const Loops& loops_;
  asio::basic_socket_acceptor<tcp, Executor> acceptor_;
  Timer pause_;
  std::shared_ptr<Admission> admission_;
  Application& application_;
  std::shared_ptr<asio::ssl::context> tls_;  // null: none
};

/// The name under which an address is counted: of IPv6 the network, because one machine has 2^64
/// addresses of it.
std::string address_name(const asio::ip::address& address);

}  // namespace vuer_rtc::net
