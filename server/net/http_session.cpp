#include "net/http_session.hpp"

#include <chrono>

#include "net/websocket_session.hpp"

namespace vuer_rtc::net {
namespace {

constexpr auto kRequestTime = std::chrono::seconds(10);
constexpr std::uint32_t kHeaderBytes = 16 * 1024;
constexpr std::size_t kHeaderFields = 100;
constexpr std::uint64_t kBodyBytes = 64 * 1024;  // no request of this API has a body

std::string text(beast::string_view view) { return std::string(view.data(), view.size()); }

/// What a proxy in front might read differently than we do.
bool is_ambiguous(const http::request<http::string_body>& request) {
  const std::size_t lengths = request.count(http::field::content_length);
  const std::size_t codings = request.count(http::field::transfer_encoding);
  if (lengths > 1 || codings > 1 || (lengths != 0 && codings != 0)) return true;
  if (codings == 0) return false;
  return request.version() < 11 || request[http::field::transfer_encoding] != "chunked";
}

std::size_t field_count(const http::request<http::string_body>& request) {
  return static_cast<std::size_t>(std::distance(request.begin(), request.end()));
}

}  // namespace

HttpSession::HttpSession(tcp::socket socket, std::shared_ptr<Admission::Ticket> ticket,
                         Application& application, const Limits& limits)
    : stream_(std::move(socket)),
      ticket_(std::move(ticket)),
      application_(application),
      limits_(limits) {}

void HttpSession::read() {
  parser_.emplace();
  ticket_->set_busy(false);
  parser_->header_limit(kHeaderBytes);
  parser_->body_limit(kBodyBytes);
  stream_.expires_after(kRequestTime);
  http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->on_read(error); });
}

void HttpSession::on_read(error_code error) {
  ticket_->set_busy(true);
  if (error == http::error::header_limit) return refuse(431);
  if (error == http::error::body_limit) return refuse(413);
  if (error && error.category() == http::make_error_code(http::error::bad_method).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message) {
    return refuse(400);
  }
  if (error) return stream_.close();
  if (is_ambiguous(parser_->get())) return refuse(400);
  if (field_count(parser_->get()) > kHeaderFields) return refuse(431);
  Parsed request = parser_->release();
  if (websocket::is_upgrade(request)) return upgrade(std::move(request));
  answer(request);
}

Request HttpSession::describe(const Parsed& request) const {
  return {text(request.method_string()), text(request.target()), text(request[http::field::host]),
          text(request[http::field::origin])};
}

void HttpSession::upgrade(Parsed request) {
  Request described = describe(request);
  if (!application_.allows_origin(described)) return refuse(403);
  auto session = std::make_shared<WebSocketSession>(std::move(stream_), std::move(ticket_),
                                                    application_, limits_);
  session->accept(std::move(request), std::move(described));
}

void HttpSession::answer(const Parsed& request) {
  stream_.expires_never();  // the answer may wait for a commit
  const unsigned version = request.version();
  const bool keep = request.keep_alive(), head = request.method() == http::verb::head;
  application_.answer(describe(request),
                      [self = shared_from_this(), version, keep, head](Response response) {
                        self->write(std::move(response), version, keep, head);
                      });
}

void HttpSession::write(Response response, unsigned version, bool keep_alive, bool head) {
  response_ = std::make_shared<http::response<http::string_body>>();
  response_->version(version);
  response_->result(static_cast<unsigned>(response.status));
  response_->set(http::field::content_type, response.type);
  response_->set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) response_->set(name, value);
  response_->keep_alive(keep_alive);
  response_->content_length(response.body.size());
  if (!head) response_->body() = std::move(response.body);
  stream_.expires_after(kRequestTime);
  http::async_write(stream_, *response_,
                    [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
                      self->on_write(error, keep_alive);
                    });
}

void HttpSession::on_write(error_code error, bool keep_alive) {
  response_.reset();
  if (error) return stream_.close();
  if (keep_alive) return read();
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

void HttpSession::refuse(int status) {
  Response response;
  response.status = status;
  response.body = R"({"error":{"code":"bad_request","message":"the request was refused"}})";
  write(std::move(response), 11, false, false);
}

}  // namespace vuer_rtc::net
