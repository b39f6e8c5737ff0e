#include "net/websocket_session.hpp"

#include <algorithm>

#include "net/steady_now.hpp"
#include "net/traffic.hpp"

namespace vuer_rtc::net {
namespace {

using Kind = FrameReader::Kind;

constexpr milliseconds kFloodTime{1000};  // a flood is not listened to for longer
constexpr std::size_t kWritesInTurn = 8;  // of a buffer each, then others have their turn
constexpr int kNoCode = 1005;
constexpr int kNormal = 1000;  // the answer to a close without a code
constexpr std::string_view kTooSlow = "this connection reads too slowly";

std::string retry_reason(std::int64_t wait) { return "retryAfter=" + std::to_string(wait); }

}  // namespace

WebSocketSession::WebSocketSession(Loop& loop, Link link, std::unique_ptr<Admission::Ticket> ticket,
                                   const ConnectionPolicy& policy)
    : loop_(loop),
      link_(std::move(link)),
      ticket_(std::move(ticket)),
      policy_(policy),
      reader_(policy),
      writer_(policy),
      rate_(policy.messages, policy.bytes),
      patience_(loop.context()),
      attention_(loop.context()) {}

void WebSocketSession::begin(std::string answer, const Request& request, Application& application) {
  loop_.keep(shared_from_this());
  ++traffic.connections;
  heard_at_ = wrote_at_ = pinged_at_ = steady_now();
  writer_.begin_with(std::move(answer));
  talk_ = application.connect(request, *this);
  watch_silence();
  write_later();
  wait_to_read();
}

void WebSocketSession::wait_to_read() {
  if (std::exchange(reading_, true)) return;
  link_.wait_to_read([self = shared_from_this()](error_code error) {
    self->reading_ = false;
    if (error || self->gone_) return self->gone();
    self->read();
  });
}

/// One buffer full, then others have their turn.
void WebSocketSession::read() {
  if (reading_ || gone_ || !may_read()) return;
  if (!unread_.empty()) {
    std::string unread = std::exchange(unread_, {});
    take({reinterpret_cast<std::uint8_t*>(unread.data()), unread.size()});
    if (!may_read()) return;
  }
  error_code error;
  const auto buffer = loop_.incoming();
  const std::size_t count = link_.read(buffer, error);
  if (error == asio::error::would_block) return wait_to_read();
  if (error || count == 0) return gone();
  heard_at_ = steady_now();
  take(buffer.first(count));
  if (gone_ || !may_read()) return;
  // TLS may hold more than the socket shows.
  if (!link_.has_tls() && count < buffer.size()) return wait_to_read();
  reading_ = true;
  asio::post(loop_.context(), [self = shared_from_this()] {
    self->reading_ = false;
    self->read();
  });
}

void WebSocketSession::take(std::span<std::uint8_t> bytes) {
  while (!deaf_) {
    if (!may_read()) {
      unread_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return;
    }
    const FrameReader::Event event = reader_.next(bytes);
    if (event.kind == Kind::Nothing || !take_event(event)) return;
  }
}

/// False: nothing more is to be taken.
bool WebSocketSession::take_event(const FrameReader::Event& event) {
  if (event.kind == Kind::Message) return pass_on(event);
  if (event.kind == Kind::Ping || event.kind == Kind::Pong) return take_control(event);
  deaf_ = true;
  if (event.kind == Kind::Close && !closing_) end_code_ = event.code != 0 ? event.code : kNoCode;
  const int code = event.kind == Kind::Fault || event.code != 0 ? event.code : kNormal;
  const std::string reason = event.fault;
  // Later: what came before leads to answers that go out first.
  asio::post(loop_.context(),
             [self = shared_from_this(), code, reason] { self->end(code, reason); });
  return false;
}

bool WebSocketSession::take_control(const FrameReader::Event& event) {
  if (closing_) return true;
  if (rate_.spend(1, 0, heard_at_) == TokenBucket::Ruling::Close) {
    cut_off(policy_.codes.rate_limited, retry_reason(rate_.wait()));
    return false;
  }
  if (event.kind == Kind::Ping) {
    writer_.pong(event.payload);
  } else if (is_pinged_ && event.payload == std::to_string(pinged_at_)) {
    is_pinged_ = false;
    if (talk_) talk_->on_pong();
  }
  write_later();
  return true;
}

bool WebSocketSession::pass_on(const FrameReader::Event& event) {
  traffic.received_bytes += event.payload.size();
  if (closing_ || !talk_) return true;
  switch (rate_.spend(1, event.payload.size(), heard_at_)) {
    case TokenBucket::Ruling::Take:
      paused_ = !talk_->on_message(event.payload, event.text);
      return true;
    case TokenBucket::Ruling::Refuse:
      talk_->on_refused(event.payload, event.text, rate_.wait());
      return true;
    default:
      cut_off(policy_.codes.rate_limited, retry_reason(rate_.wait()));
      return false;
  }
}

/// Who does not read answers may not ask for more; a closing peer is read on, for its close frame.
bool WebSocketSession::may_read() const {
  return closing_ || deaf_ || (!paused_ && writer_.waiting_bytes() <= policy_.queue_bytes);
}

void WebSocketSession::resume_reading() {
  if (!std::exchange(paused_, false)) return;
  asio::post(loop_.context(), [self = shared_from_this()] { self->read(); });
}

void WebSocketSession::send(Outgoing message) {
  if (closing_ || gone_) return;
  if (writer_.queue().push(std::move(message))) return write_later();
  writer_.queue().clear();
  close(policy_.codes.slow_reader, kTooSlow);
}

void WebSocketSession::write_later() {
  if (flushing_ || writing_ || gone_) return;
  flushing_ = true;
  loop_.flush_later(shared_from_this());
}

void WebSocketSession::flush() {
  flushing_ = false;
  if (writing_ || gone_) return;
  const auto buffer = loop_.outgoing();
  for (std::size_t i = 0; i < kWritesInTurn; ++i) {
    const std::size_t size = writer_.gather(buffer);
    if (size == 0) return on_written();
    error_code error;
    const std::size_t count = link_.write(buffer.first(size), error);
    if (count < size) writer_.keep(buffer.subspan(count, size - count));
    if (count != 0) wrote_at_ = steady_now();
    if (error && error != asio::error::would_block) return gone();
    if (error) {
      writing_ = true;
      return link_.wait_to_write([self = shared_from_this()](error_code failed) {
        self->writing_ = false;
        if (failed) return self->gone();
        self->flush();
        self->read();
      });
    }
    if (writer_.is_idle()) return on_written();
  }
  write_later();
}

void WebSocketSession::on_written() {
  if (writer_.has_closed()) {
    if (deaf_ && !std::exchange(finished_, true)) link_.finish();
  } else if (talk_) {
    talk_->on_drained();
  }
  read();
}

void WebSocketSession::close(int code, std::string_view reason) {
  if (std::exchange(closing_, true) || gone_) return;
  writer_.close(code, reason);
  if (end_code_ == kNobodyClosed) end_code_ = code;
  if (code == policy_.codes.malformed) ticket_->blame(steady_now());
  paused_ = false;
  wait_for_end(policy_.close_time);
  write_later();
  // Later: whoever closes may still be in the middle of something of ours.
  asio::post(loop_.context(), [self = shared_from_this()] { self->read(); });
}

/// The close goes out before all that waits.
void WebSocketSession::cut_off(int code, std::string_view reason) {
  writer_.queue().clear();
  end(code, reason);
}

/// What still comes in goes to nobody.
void WebSocketSession::end(int code, std::string_view reason) {
  if (gone_) return;
  deaf_ = true;
  close(code, reason);
  wait_for_end(std::min(kFloodTime, policy_.close_time));
  write_later();
}

void WebSocketSession::wait_for_end(milliseconds time) {
  patience_.expires_after(time);
  patience_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->gone();
  });
}

/// Silence counts while we listen, or while what we send does not leave.
bool WebSocketSession::is_silent(std::int64_t now) const {
  const std::int64_t most = policy_.silence_time.count();
  if (may_read()) return now - heard_at_ >= most;
  return writing_ && now - std::max(heard_at_, wrote_at_) >= most;
}

void WebSocketSession::watch_silence() {
  const std::int64_t now = steady_now();
  if (gone_ || is_silent(now)) return gone();
  if (now - pinged_at_ >= policy_.ping_interval.count()) {
    pinged_at_ = now;
    if (!closing_) ping();
    write_later();
  }
  writer_.queue().shrink();
  const std::int64_t next = std::min(pinged_at_ + policy_.ping_interval.count(),
                                     heard_at_ + policy_.silence_time.count());
  const std::int64_t least = policy_.ping_interval.count() / 20;  // while nothing is to be done
  attention_.expires_after(milliseconds(std::max(next - now, least)));
  attention_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->watch_silence();
  });
}

/// The time is its payload, so that only its own answer counts.
void WebSocketSession::ping() {
  const bool all_sent = writer_.is_idle();
  is_pinged_ = writer_.ping(std::to_string(pinged_at_));
  if (is_pinged_ && talk_) talk_->on_ping(all_sent);
}

void WebSocketSession::gone() {
  if (std::exchange(gone_, true)) return;
  const std::shared_ptr<void> self = shared_from_this();
  patience_.cancel();
  attention_.cancel();
  writer_.queue().clear();
  link_.close();
  --traffic.connections;
  traffic.count_close(end_code_);
  if (talk_) talk_->on_gone();
  talk_.reset();
  loop_.drop(self);
  ticket_.reset();
}

}  // namespace vuer_rtc::net
