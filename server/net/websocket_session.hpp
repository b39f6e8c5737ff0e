// One WebSocket connection: a bounded queue out, one message at a time in, pings, an orderly close.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "net/admission.hpp"
#include "net/application.hpp"
#include "net/frame_meter.hpp"
#include "net/link.hpp"
#include "net/rate.hpp"
#include "net/send_queue.hpp"

namespace vuer_rtc::net {

class WebSocketSession final : public Peer, public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(Link link, std::shared_ptr<Admission::Ticket> ticket, Application& application,
                   const ConnectionPolicy& policy);

  void accept(http::request<http::string_body> upgrade, Request request,
              const std::string& subprotocol);

  void send(Outgoing message) override;
  void close(int code, std::string_view reason) override;
  std::size_t waiting() const override { return queue_.size(); }
  void resume_reading() override;

 private:
  void on_accept(error_code error);
  bool hear(Link::Bytes bytes);
  void end_flood(int code, const std::string& reason);
  bool pass_on(std::string_view message);
  void watch_silence();
  bool is_silent(std::int64_t now) const;
  void ping(std::int64_t now);
  void read();
  void on_read(error_code error);
  bool may_read() const;
  void write();
  void on_write(error_code error);
  void start_close();
  void wait_for_close();
  int end_code() const;
  void gone();

  websocket::stream<Link> stream_;
  std::shared_ptr<Admission::Ticket> ticket_;
  Application& application_;
  const ConnectionPolicy& policy_;
  Request request_;
  http::request<http::string_body> upgrade_;
  std::unique_ptr<Talk> talk_;
  beast::flat_buffer incoming_;
  SendQueue queue_;
  Outgoing writing_;
  websocket::close_reason reason_;
  FrameMeter meter_;
  ConnectionRate rate_;
  asio::steady_timer patience_;   // how long a close may take
  asio::steady_timer attention_;  // the next ping, or the end of silence
  std::int64_t heard_at_ = 0, wrote_at_ = 0, pinged_at_ = 0;
  bool pinging_ = false;
  bool accepted_ = false, writing_now_ = false, reading_now_ = false;
  bool paused_ = false, closing_ = false, close_sent_ = false, gone_ = false;
};

}  // namespace vuer_rtc::net
