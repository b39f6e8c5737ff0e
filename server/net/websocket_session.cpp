#include "net/websocket_session.hpp"

#include <algorithm>

#include "net/steady_now.hpp"
#include "net/traffic.hpp"

namespace vuer_rtc::net {
namespace {

constexpr milliseconds kFloodTime{1000};  // a flood is not listened to for longer

std::string retry_reason(std::int64_t wait) { return "retryAfter=" + std::to_string(wait); }

}  // namespace

WebSocketSession::WebSocketSession(Link link, std::shared_ptr<Admission::Ticket> ticket,
                                   Application& application, const ConnectionPolicy& policy)
    : stream_(std::move(link)),
      ticket_(std::move(ticket)),
      application_(application),
      policy_(policy),
      queue_(policy.queue_bytes, policy.queue_frames),
      meter_(policy),
      rate_(policy.messages, policy.bytes),
      patience_(stream_.get_executor()),
      attention_(stream_.get_executor()) {}

void WebSocketSession::accept(http::request<http::string_body> upgrade, Request request,
                              const std::string& subprotocol) {
  ticket_->admission().keep(shared_from_this());
  upgrade_ = std::move(upgrade);
  request_ = std::move(request);
  beast::tcp_stream& tcp_layer = stream_.next_layer().tcp_layer();
  tcp_layer.expires_never();
  error_code ignored;
  tcp_layer.socket().set_option(tcp::no_delay(true), ignored);
  stream_.set_option(websocket::stream_base::timeout{policy_.handshake_time,
                                                     websocket::stream_base::none(), false});
  stream_.read_message_max(policy_.message_bytes);
  stream_.auto_fragment(false);
  if (!subprotocol.empty()) {
    stream_.set_option(
        websocket::stream_base::decorator([subprotocol](websocket::response_type& response) {
          response.set(http::field::sec_websocket_protocol, subprotocol);
        }));
  }
  stream_.next_layer().watch([this](Link::Bytes bytes) { return hear(bytes); });
  stream_.async_accept(upgrade_,
                       [self = shared_from_this()](error_code error) { self->on_accept(error); });
}

void WebSocketSession::on_accept(error_code error) {
  if (error) return gone();
  accepted_ = true;
  ++traffic.connections;
  upgrade_ = {};
  heard_at_ = wrote_at_ = pinged_at_ = steady_now();
  talk_ = application_.connect(request_, *this);
  request_ = {};  // it may hold a token
  watch_silence();
  read();
  write();
}

/// Called with everything that arrives, before the library sees it.
bool WebSocketSession::hear(Link::Bytes bytes) {
  heard_at_ = steady_now();
  if (!meter_.feed(bytes)) {
    end_flood(policy_.codes.too_many_frames, "a message in too many frames");
    return false;
  }
  const std::size_t controls = meter_.take_controls();
  if (controls == 0 || closing_) return true;
  if (rate_.spend(controls, 0, heard_at_) != TokenBucket::Ruling::Close) return true;
  end_flood(policy_.codes.rate_limited, retry_reason(rate_.wait()));
  return false;
}

/// The close goes out at once; what still comes in goes to nobody.
void WebSocketSession::end_flood(int code, const std::string& reason) {
  queue_.clear();
  close(code, reason);
  patience_.expires_after(std::min(kFloodTime, policy_.close_time));
  wait_for_close();
}

/// Silence counts while we listen, or while what we send does not leave.
bool WebSocketSession::is_silent(std::int64_t now) const {
  const std::int64_t most = policy_.silence_time.count();
  if (reading_now_) return now - heard_at_ >= most;
  return writing_now_ && now - std::max(heard_at_, wrote_at_) >= most;
}

void WebSocketSession::watch_silence() {
  const std::int64_t now = steady_now();
  if (gone_ || is_silent(now)) return gone();
  if (now - pinged_at_ >= policy_.ping_interval.count()) ping(now);
  const std::int64_t next = std::min(pinged_at_ + policy_.ping_interval.count(),
                                     heard_at_ + policy_.silence_time.count());
  const std::int64_t least = policy_.ping_interval.count() / 20;  // while nothing is to be done
  attention_.expires_after(milliseconds(std::max(next - now, least)));
  attention_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->watch_silence();
  });
}

void WebSocketSession::ping(std::int64_t now) {
  pinged_at_ = now;
  if (closing_ || std::exchange(pinging_, true)) return;
  stream_.async_ping({}, [self = shared_from_this()](error_code) { self->pinging_ = false; });
}

void WebSocketSession::read() {
  if (reading_now_ || gone_ || !may_read()) return;
  reading_now_ = true;
  incoming_.consume(incoming_.size());
  stream_.async_read(incoming_, [self = shared_from_this()](error_code error, std::size_t) {
    self->on_read(error);
  });
}

void WebSocketSession::on_read(error_code error) {
  reading_now_ = false;
  if (error) return gone();
  const auto bytes = incoming_.data();
  const std::string_view view(static_cast<const char*>(bytes.data()), bytes.size());
  traffic.received_bytes += view.size();
  paused_ = !pass_on(view);
  // Later: what this message leads to goes out before a fault in the bytes behind it ends it all.
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
}

/// False: read no further until resume_reading().
bool WebSocketSession::pass_on(std::string_view message) {
  if (closing_ || !talk_) return true;
  switch (rate_.spend(1, message.size(), heard_at_)) {
    case TokenBucket::Ruling::Take:
      return talk_->on_message(message, stream_.got_text());
    case TokenBucket::Ruling::Refuse:
      talk_->on_refused(message, stream_.got_text(), rate_.wait());
      return true;
    default:
      queue_.clear();
      close(policy_.codes.rate_limited, retry_reason(rate_.wait()));
      return true;
  }
}

/// Who does not read answers may not ask for more; a closing peer is read on, for its close frame.
bool WebSocketSession::may_read() const {
  return closing_ || (!paused_ && queue_.total_bytes() <= policy_.queue_bytes);
}

void WebSocketSession::resume_reading() {
  if (!std::exchange(paused_, false)) return;
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
}

void WebSocketSession::send(Outgoing message) {
  if (closing_ || gone_) return;
  if (!queue_.push(std::move(message))) {
    queue_.clear();
    return close(policy_.codes.slow_reader, "this connection reads too slowly");
  }
  write();
}

void WebSocketSession::write() {
  if (writing_now_ || gone_ || !accepted_) return;
  if (queue_.empty()) {
    if (closing_) start_close();
    return;
  }
  writing_now_ = true;
  writing_ = queue_.pop();
  stream_.text(writing_.text);
  stream_.async_write(
      asio::buffer(writing_.bytes.data(), writing_.bytes.size()),
      [self = shared_from_this()](error_code error, std::size_t) { self->on_write(error); });
}

void WebSocketSession::on_write(error_code error) {
  writing_now_ = false;
  wrote_at_ = steady_now();
  ++traffic.sent_frames;
  traffic.sent_bytes += writing_.bytes.size();
  writing_ = {};
  if (error) return gone();
  if (queue_.empty() && talk_) talk_->on_drained();
  write();
  read();
}

void WebSocketSession::close(int code, std::string_view reason) {
  if (std::exchange(closing_, true) || gone_) return;
  reason_.code = static_cast<websocket::close_code>(code);
  reason_.reason = beast::string_view(reason.data(), reason.size());
  patience_.expires_after(policy_.close_time);
  wait_for_close();
  paused_ = false;
  // Later: whoever closes may still be in the middle of something of ours.
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->accepted_) self->read();
    self->write();
  });
}

void WebSocketSession::wait_for_close() {
  patience_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->stream_.next_layer().close();
  });
}

void WebSocketSession::start_close() {
  if (std::exchange(close_sent_, true)) return;
  stream_.async_close(reason_, [self = shared_from_this()](error_code) { self->gone(); });
}

/// The code of whoever closed first; 1006 when nobody did.
int WebSocketSession::end_code() const {
  const int theirs = stream_.reason().code, none = websocket::close_code::none;
  if (closing_) return reason_.code;
  return theirs == none ? static_cast<int>(websocket::close_code::abnormal) : theirs;
}

void WebSocketSession::gone() {
  if (std::exchange(gone_, true)) return;
  const std::shared_ptr<void> self = shared_from_this();
  patience_.cancel();
  attention_.cancel();
  queue_.clear();
  stream_.next_layer().close();
  if (accepted_) {
    --traffic.connections;
    traffic.count_close(end_code());
  }
  if (talk_) talk_->on_gone();
  talk_.reset();
  ticket_->admission().drop(self);
  ticket_.reset();
}

}  // namespace vuer_rtc::net
