// One HTTP connection: bounded requests, answers of the application, or the step up to a WebSocket,
// which may take it to another loop.
// Headers are read and judged before a body is.
#pragma once

#include <memory>
#include <optional>

#include "net/admission.hpp"
#include "net/application.hpp"
#include "net/link.hpp"
#include "net/loop.hpp"

namespace vuer_rtc::net {

class HttpSession final : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(const Loops& loops, Link link, std::unique_ptr<Admission::Ticket> ticket,
              Application& application);
  void run();

 private:
  using Parsed = http::request<http::string_body>;

  void begin_request();
  void read();
  void parse();
  /// 0, or the status to refuse the header with.
  int judge_header() const;
  void on_request();
  void on_fault(error_code error);
  void upgrade(const Parsed& request);
  void answer(const Parsed& request);
  void write(const Response& response, unsigned version, bool keep_alive, bool head);
  void send();
  void on_sent();
  void end();
  void refuse(int status, std::int64_t retry_after = 0,
              std::pair<std::string, std::string> header = {});
  void expire_after_request_time();
  Request describe(const Parsed& request) const;

  const Loops& loops_;
  Loop& loop_;
  Link link_;
  std::unique_ptr<Admission::Ticket> ticket_;
  Application& application_;
  Timer timer_;
  beast::flat_buffer buffer_;
  std::size_t fields_ = 0;  // of the header: a trailer must not add any
  bool judged_ = false;     // the header of the request under way
  bool keep_alive_ = false;
  bool ending_ = false;  // the last answer is out
  std::optional<http::request_parser<http::string_body>> parser_;
  std::string unsent_;
};

}  // namespace vuer_rtc::net
