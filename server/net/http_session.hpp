// One HTTP connection: bounded requests, answers of the application, or the step up to a WebSocket.
#pragma once

#include <memory>
#include <optional>

#include "net/admission.hpp"
#include "net/beast.hpp"
#include "net/server.hpp"

namespace vuer_rtc::net {

class HttpSession final : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(tcp::socket socket, std::shared_ptr<Admission::Ticket> ticket,
              Application& application, const Limits& limits);
  void run() { read(); }

 private:
  using Parsed = http::request<http::string_body>;

  void read();
  void on_read(error_code error);
  void upgrade(Parsed request);
  void answer(const Parsed& request);
  void write(Response response, unsigned version, bool keep_alive, bool head);
  void on_write(error_code error, bool keep_alive);
  void refuse(int status);
  Request describe(const Parsed& request) const;

  beast::tcp_stream stream_;
  std::shared_ptr<Admission::Ticket> ticket_;
  Application& application_;
  Limits limits_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::shared_ptr<http::response<http::string_body>> response_;
};

}  // namespace vuer_rtc::net
