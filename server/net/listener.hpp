// Takes connections in and hands each to a session.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "net/admission.hpp"
#include "net/beast.hpp"
#include "net/server.hpp"

namespace vuer_rtc::net {

class Listener final : public std::enable_shared_from_this<Listener> {
 public:
  Listener(asio::io_context& context, std::shared_ptr<Admission> admission,
           Application& application, const Limits& limits);

  bool open(const tcp::endpoint& endpoint, error_code& error);
  void accept();
  void close();
  std::uint16_t port() const;

 private:
  void on_accept(error_code error, tcp::socket socket);

  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::shared_ptr<Admission> admission_;
  Application& application_;
  Limits limits_;
};

}  // namespace vuer_rtc::net
