#include "net/websocket_session.hpp"

#include <chrono>

namespace vuer_rtc::net {
namespace {

using std::chrono::seconds;
constexpr int kSlowReader = 4009;
constexpr auto kHandshakeTime = seconds(10);
constexpr auto kSilence = seconds(45);  // pings go out at half of it
constexpr auto kCloseTime = seconds(5);

}  // namespace

WebSocketSession::WebSocketSession(beast::tcp_stream stream,
                                   std::shared_ptr<Admission::Ticket> ticket,
                                   Application& application, const Limits& limits)
    : stream_(std::move(stream)),
      ticket_(std::move(ticket)),
      application_(application),
      limits_(limits),
      queue_(limits.queue_bytes, limits.queue_frames),
      patience_(stream_.get_executor()) {}

void WebSocketSession::accept(http::request<http::string_body> upgrade, Request request) {
  ticket_->admission().keep(shared_from_this());
  upgrade_ = std::move(upgrade);
  request_ = std::move(request);
  beast::get_lowest_layer(stream_).expires_never();
  error_code ignored;
  beast::get_lowest_layer(stream_).socket().set_option(tcp::no_delay(true), ignored);
  websocket::stream_base::timeout times{kHandshakeTime, kSilence, true};
  stream_.set_option(times);
  stream_.read_message_max(limits_.message_bytes);
  stream_.auto_fragment(false);
  stream_.async_accept(upgrade_,
                       [self = shared_from_this()](error_code error) { self->on_accept(error); });
}

void WebSocketSession::on_accept(error_code error) {
  if (error) return gone();
  accepted_ = true;
  upgrade_ = {};
  talk_ = application_.connect(request_, *this);
  read();
  write();
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
  const bool more = closing_ || !talk_ || talk_->on_message(view, stream_.got_text());
  paused_ = !more;
  read();
}

/// Who does not read answers may not ask for more; a closing peer is read on, for its close frame.
bool WebSocketSession::may_read() const {
  return closing_ || (!paused_ && queue_.total_bytes() <= limits_.queue_bytes);
}

void WebSocketSession::resume_reading() {
  if (!std::exchange(paused_, false)) return;
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
}

void WebSocketSession::send(Outgoing message) {
  if (closing_ || gone_) return;
  if (!queue_.push(std::move(message))) {
    queue_.clear();
    return close(kSlowReader, "this connection reads too slowly");
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
  patience_.expires_after(kCloseTime);
  patience_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) beast::get_lowest_layer(self->stream_).close();
  });
  paused_ = false;
  // Later: whoever closes may still be in the middle of something of ours.
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->accepted_) self->read();
    self->write();
  });
}

void WebSocketSession::start_close() {
  if (std::exchange(close_sent_, true)) return;
  stream_.async_close(reason_, [self = shared_from_this()](error_code) { self->gone(); });
}

void WebSocketSession::gone() {
  if (std::exchange(gone_, true)) return;
  const std::shared_ptr<void> self = shared_from_this();
  patience_.cancel();
  queue_.clear();
  beast::get_lowest_layer(stream_).close();
  if (talk_) talk_->on_gone();
  talk_.reset();
  ticket_->admission().drop(self);
  ticket_.reset();
}

}  // namespace vuer_rtc::net
