// One WebSocket connection: a bounded queue out, one message at a time in, an orderly close.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "net/admission.hpp"
#include "net/beast.hpp"
#include "net/send_queue.hpp"
#include "net/server.hpp"

namespace vuer_rtc::net {

class WebSocketSession final : public Peer, public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(beast::tcp_stream stream, std::shared_ptr<Admission::Ticket> ticket,
                   Application& application, const Limits& limits);

  void accept(http::request<http::string_body> upgrade, Request request);

  void send(Outgoing message) override;
  void close(int code, std::string_view reason) override;
  std::size_t waiting() const override { return queue_.size(); }
  void resume_reading() override;

 private:
  void on_accept(error_code error);
  void read();
  void on_read(error_code error);
  bool may_read() const;
  void write();
  void on_write(error_code error);
  void start_close();
  void gone();

  websocket::stream<beast::tcp_stream> stream_;
  std::shared_ptr<Admission::Ticket> ticket_;
  Application& application_;
  Limits limits_;
  Request request_;
  http::request<http::string_body> upgrade_;
  std::unique_ptr<Talk> talk_;
  beast::flat_buffer incoming_;
  SendQueue queue_;
  Outgoing writing_;
  websocket::close_reason reason_;
  asio::steady_timer patience_;  // how long a close may take
  bool accepted_ = false, writing_now_ = false, reading_now_ = false;
  bool paused_ = false, closing_ = false, close_sent_ = false, gone_ = false;
};

}  // namespace vuer_rtc::net
