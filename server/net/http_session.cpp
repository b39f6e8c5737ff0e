#include "net/http_session.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>

#include "net/steady_now.hpp"
#include "net/websocket_session.hpp"

namespace vuer_rtc::net {
namespace {

constexpr auto kRequestTime = std::chrono::seconds(10);
constexpr std::uint32_t kHeaderBytes = 16 * 1024;
constexpr std::size_t kHeaderFields = 100;
constexpr std::uint64_t kBodyBytes = 8u << 20;
constexpr std::size_t kBufferBytes = 64 * 1024;  // also bounds trailers, which have no limit here

using Parsed = http::request<http::string_body>;

std::string text(beast::string_view view) { return std::string(view.data(), view.size()); }

bool is_number(beast::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// What a proxy in front might read differently than we do.
bool is_ambiguous(const Parsed& request) {
  const std::size_t lengths = request.count(http::field::content_length);
  const std::size_t codings = request.count(http::field::transfer_encoding);
  if (lengths > 1 || codings > 1 || (lengths != 0 && codings != 0)) return true;
  if (lengths != 0 && !is_number(request[http::field::content_length])) return true;
  if (codings == 0) return false;
  return request.version() < 11 || request[http::field::transfer_encoding] != "chunked";
}

/// Fields we decide by must not be there twice, and HTTP/1.1 wants a Host.
bool has_doubtful_fields(const Parsed& request) {
  const std::size_t hosts = request.count(http::field::host);
  return hosts > 1 || (hosts == 0 && request.version() >= 11) ||
         request.count(http::field::origin) > 1 || request.count(http::field::authorization) > 1;
}

/// Sixteen bytes in base64 (RFC 6455, section 4.2.1).
bool has_websocket_key(const Parsed& request) {
  const beast::string_view key = request[http::field::sec_websocket_key];
  return request.count(http::field::sec_websocket_key) == 1 && key.size() == 24 &&
         key.substr(22) == "==" && std::all_of(key.begin(), key.begin() + 22, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '+' || c == '/';
         });
}

std::size_t field_count(const Parsed& request) {
  return static_cast<std::size_t>(std::distance(request.begin(), request.end()));
}

/// All values of a field, joined as one list.
std::string joined(const Parsed& request, http::field name) {
  std::string out;
  const auto range = request.equal_range(name);
  for (auto at = range.first; at != range.second; ++at)
    out += (out.empty() ? "" : ",") + text(at->value());
  return out;
}

}  // namespace

HttpSession::HttpSession(Link link, std::shared_ptr<Admission::Ticket> ticket,
                         Application& application)
    : link_(std::move(link)),
      ticket_(std::move(ticket)),
      application_(application),
      buffer_(kBufferBytes) {}

void HttpSession::run() {
  if (!link_.has_tls()) return read();
  link_.tcp_layer().expires_after(kRequestTime);
  link_.handshake([self = shared_from_this()](error_code error) {
    if (error) return self->link_.close();
    self->read();
  });
}

void HttpSession::read() {
  parser_.emplace();
  ticket_->set_busy(false);
  parser_->header_limit(kHeaderBytes);
  parser_->body_limit(kBodyBytes);
  link_.tcp_layer().expires_after(kRequestTime);
  http::async_read_header(
      link_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
}

void HttpSession::on_header(error_code error) {
  ticket_->set_busy(true);
  if (error) return fail(error);
  if (const int status = judge_header(); status != 0) return refuse(status);
  fields_ = field_count(parser_->get());
  if (parser_->is_done()) return on_read({});
  http::async_read(
      link_, buffer_, *parser_,
      [self = shared_from_this()](error_code read, std::size_t) { self->on_read(read); });
}

int HttpSession::judge_header() const {
  const Parsed& request = parser_->get();
  if (is_ambiguous(request) || has_doubtful_fields(request)) return 400;
  if (field_count(request) > kHeaderFields) return 431;
  // Who asks for an upgrade waits for the answer: bytes behind it are meant for somebody else.
  const bool more = !parser_->is_done() || buffer_.size() != 0;
  return websocket::is_upgrade(request) && (more || !has_websocket_key(request)) ? 400 : 0;
}

void HttpSession::on_read(error_code error) {
  if (error) return fail(error);
  if (field_count(parser_->get()) != fields_) return refuse(400);
  Parsed request = parser_->release();
  if (websocket::is_upgrade(request)) return upgrade(std::move(request));
  answer(request);
}

void HttpSession::fail(error_code error) {
  if (error == http::error::header_limit) return refuse(431);
  if (error == http::error::body_limit) return refuse(413);
  const bool is_ours =
      error.category() == http::make_error_code(http::error::bad_method).category();
  if (is_ours && error != http::error::end_of_stream && error != http::error::partial_message)
    return refuse(400);
  link_.close();
}

Request HttpSession::describe(const Parsed& request) const {
  Request out;
  out.method = text(request.method_string());
  out.target = text(request.target());
  out.host = text(request[http::field::host]);
  out.origin = text(request[http::field::origin]);
  out.has_origin = request.count(http::field::origin) != 0;
  out.authorization = text(request[http::field::authorization]);
  out.protocols = joined(request, http::field::sec_websocket_protocol);
  out.body = request.body();
  return out;
}

void HttpSession::upgrade(Parsed request) {
  const std::int64_t wait = link_.has_tls() ? 0 : ticket_->handshake(steady_now());
  if (wait != 0) return refuse(429, wait);
  Request described = describe(request);
  const Upgrade verdict = application_.judge(described);
  if (verdict.refused_with != 0) return refuse(verdict.refused_with);
  auto session = std::make_shared<WebSocketSession>(std::move(link_), std::move(ticket_),
                                                    application_, *verdict.policy);
  session->accept(std::move(request), std::move(described), verdict.subprotocol);
}

void HttpSession::answer(const Parsed& request) {
  link_.tcp_layer().expires_never();  // the answer may wait for a commit
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
  link_.tcp_layer().expires_after(kRequestTime);
  http::async_write(link_, *response_,
                    [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
                      self->on_write(error, keep_alive);
                    });
}

void HttpSession::on_write(error_code error, bool keep_alive) {
  response_.reset();
  if (error) return link_.close();
  if (keep_alive) return read();
  error_code ignored;
  link_.tcp_layer().socket().shutdown(tcp::socket::shutdown_send, ignored);
}

void HttpSession::refuse(int status, std::int64_t retry_after) {
  Response response;
  response.status = status;
  response.body = R"({"error":{"code":"bad_request","message":"the request was refused"}})";
  if (retry_after != 0)
    response.headers.emplace_back("Retry-After", std::to_string((retry_after + 999) / 1000));
  write(std::move(response), 11, false, false);
}

}  // namespace vuer_rtc::net
