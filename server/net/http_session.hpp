// One HTTP connection: bounded requests, answers of the application, or the step up to a WebSocket.
// Headers are read and judged before a body is.
#pragma once

#include <memory>
#include <optional>

#include "net/admission.hpp"
#include "net/application.hpp"
#include "net/link.hpp"

namespace vuer_rtc::net {

class HttpSession final : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(Link link, std::shared_ptr<Admission::Ticket> ticket, Application& application);
  void run();

 private:
  using Parsed = http::request<http::string_body>;

  void read();
  void on_header(error_code error);
  void on_read(error_code error);
  /// 0, or the status to refuse the header with.
  int judge_header() const;
  void upgrade(Parsed request);
  void answer(const Parsed& request);
  void write(Response response, unsigned version, bool keep_alive, bool head);
  void on_write(error_code error, bool keep_alive);
  void refuse(int status, std::int64_t retry_after = 0);
  void fail(error_code error);
  Request describe(const Parsed& request) const;

  Link link_;
  std::shared_ptr<Admission::Ticket> ticket_;
  Application& application_;
  beast::flat_buffer buffer_;
  std::size_t fields_ = 0;  // of the header: a trailer must not add any
  std::optional<http::request_parser<http::string_body>> parser_;
  std::shared_ptr<http::response<http::string_body>> response_;
};

}  // namespace vuer_rtc::net
