#include "net/http_session.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <cctype>
#include <chrono>

#include "net/steady_now.hpp"
#include "net/websocket_session.hpp"
#include "protocol/base64.hpp"

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

/// The proof that the other side speaks WebSocket (RFC 6455, section 4.2.2).
std::string accept_key(beast::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digest.data());
  std::string out;
  server::append_base64(digest, out);
  return out;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

std::string head_of(const Response& response, unsigned version, bool keep_alive) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
  std::string out = version < 11 ? "HTTP/1.0 " : "HTTP/1.1 ";
  out += std::to_string(response.status) + " " + text(reason) + "\r\n";
  append_field(out, "Content-Type", response.type);
  append_field(out, "X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) append_field(out, name, value);
  if (keep_alive != (version >= 11))
    append_field(out, "Connection", keep_alive ? "keep-alive" : "close");
  append_field(out, "Content-Length", std::to_string(response.body.size()));
  return out + "\r\n";
}

std::string upgrade_answer(beast::string_view key, const std::string& subprotocol) {
  std::string out = "HTTP/1.1 101 Switching Protocols\r\n";
  append_field(out, "Upgrade", "websocket");
  append_field(out, "Connection", "Upgrade");
  append_field(out, "Sec-WebSocket-Accept", accept_key(key));
  if (!subprotocol.empty()) append_field(out, "Sec-WebSocket-Protocol", subprotocol);
  return out + "\r\n";
}

}  // namespace

HttpSession::HttpSession(const Loops& loops, Link link, std::unique_ptr<Admission::Ticket> ticket,
                         Application& application)
    : loops_(loops),
      loop_(*loops.front()),
      link_(std::move(link)),
      ticket_(std::move(ticket)),
      application_(application),
      timer_(loop_.context()),
      buffer_(kBufferBytes) {}

void HttpSession::run() {
  begin_request();
  read();
}

void HttpSession::expire_after_request_time() {
  timer_.expires_after(kRequestTime);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->link_.close();
  });
}

void HttpSession::begin_request() {
  parser_.emplace();
  parser_->header_limit(kHeaderBytes);
  parser_->body_limit(kBodyBytes);
  judged_ = false;
  ticket_->set_busy(false);
  expire_after_request_time();
}

void HttpSession::read() {
  link_.wait_to_read([self = shared_from_this()](error_code error) {
    if (error) return self->end();
    const auto bytes = self->loop_.incoming();
    const std::size_t room = self->ending_ ? bytes.size() : kBufferBytes - self->buffer_.size();
    const std::size_t count = self->link_.read(bytes.first(std::min(room, bytes.size())), error);
    if (error == asio::error::would_block) return self->read();
    if (error || count == 0) return self->end();
    if (self->ending_) return self->read();
    self->buffer_.commit(
        asio::buffer_copy(self->buffer_.prepare(count), asio::buffer(bytes.data(), count)));
    self->parse();
  });
}

/// Goes on with what is in the buffer.
void HttpSession::parse() {
  ticket_->set_busy(true);
  while (!parser_->is_done()) {
    error_code error;
    parser_->eager(judged_);
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error == http::error::need_more) {
      if (buffer_.size() == kBufferBytes) return refuse(400);
      return read();
    }
    if (error) return on_fault(error);
    if (judged_ || !parser_->is_header_done()) continue;
    if (const int status = judge_header(); status != 0) return refuse(status);
    fields_ = field_count(parser_->get());
    judged_ = true;
  }
  on_request();
}

int HttpSession::judge_header() const {
  const Parsed& request = parser_->get();
  if (is_ambiguous(request) || has_doubtful_fields(request)) return 400;
  if (field_count(request) > kHeaderFields) return 431;
  // Who asks for an upgrade waits for the answer: bytes behind it are meant for somebody else.
  const bool more = !parser_->is_done() || buffer_.size() != 0;
  return websocket::is_upgrade(request) && (more || !has_websocket_key(request)) ? 400 : 0;
}

void HttpSession::on_request() {
  if (field_count(parser_->get()) != fields_) return refuse(400);
  const Parsed request = parser_->release();
  if (websocket::is_upgrade(request)) return upgrade(request);
  answer(request);
}

void HttpSession::on_fault(error_code error) {
  if (error == http::error::header_limit) return refuse(431);
  if (error == http::error::body_limit) return refuse(413);
  refuse(400);
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

void HttpSession::upgrade(const Parsed& request) {
  const auto version = request[http::field::sec_websocket_version];
  if (version.empty()) return refuse(400);
  if (version != "13") return refuse(426, 0, {"Sec-WebSocket-Version", "13"});
  const std::int64_t now = steady_now();
  const std::int64_t wait =
      std::max(ticket_->banned(now), link_.has_tls() ? 0 : ticket_->handshake(now));
  if (wait != 0) return refuse(429, wait);
  const Request described = describe(request);
  const Upgrade verdict = application_.judge(described);
  if (verdict.refused_with != 0) return refuse(verdict.refused_with);
  timer_.cancel();
  Loop& home = *loops_[verdict.loop];
  if (&home != &loop_) link_.move_to(home.context());
  const auto key = request[http::field::sec_websocket_key];
  asio::dispatch(home.context(), [&home, link = std::move(link_), ticket = std::move(ticket_),
                                  &policy = *verdict.policy, described, &application = application_,
                                  answer = upgrade_answer(key, verdict.subprotocol)]() mutable {
    std::make_shared<WebSocketSession>(home, std::move(link), std::move(ticket), policy)
        ->begin(std::move(answer), described, application);
  });
}

void HttpSession::answer(const Parsed& request) {
  timer_.cancel();  // the answer may wait for a commit
  const unsigned version = request.version();
  const bool keep = request.keep_alive(), head = request.method() == http::verb::head;
  application_.answer(describe(request),
                      [self = shared_from_this(), version, keep, head](Response response) {
                        asio::dispatch(self->loop_.context(),
                                       [self, version, keep, head, response = std::move(response)] {
                                         self->write(response, version, keep, head);
                                       });
                      });
}

void HttpSession::write(const Response& response, unsigned version, bool keep_alive, bool head) {
  unsent_ = head_of(response, version, keep_alive);
  if (!head) unsent_ += response.body;
  keep_alive_ = keep_alive;
  expire_after_request_time();
  send();
}

void HttpSession::send() {
  error_code error;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(unsent_.data());
  unsent_.erase(0, link_.write({bytes, unsent_.size()}, error));
  if (error && error != asio::error::would_block) return end();
  if (unsent_.empty()) return on_sent();
  link_.wait_to_write([self = shared_from_this()](error_code failed) {
    if (failed) return self->end();
    self->send();
  });
}

void HttpSession::on_sent() {
  if (keep_alive_) {
    // Later: many requests in one packet must not go one deeper each.
    return asio::post(loop_.context(), [self = shared_from_this()] {
      self->begin_request();
      if (self->buffer_.size() == 0) return self->read();
      self->parse();
    });
  }
  ending_ = true;  // what still comes is read away: unread, it would take the answer with it
  link_.finish();
  ticket_->set_busy(false);
  read();
}

void HttpSession::end() {
  timer_.cancel();
  link_.close();
}

void HttpSession::refuse(int status, std::int64_t retry_after,
                         std::pair<std::string, std::string> header) {
  Response response;
  response.status = status;
  response.body = R"({"error":{"code":"bad_request","message":"the request was refused"}})";
  if (retry_after != 0) header = {"Retry-After", std::to_string((retry_after + 999) / 1000)};
  if (!header.first.empty()) response.headers.push_back(std::move(header));
  write(response, 11, false, false);
}

}  // namespace vuer_rtc::net
