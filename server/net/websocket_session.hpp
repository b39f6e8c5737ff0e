// One WebSocket connection: frames in and out, a bounded queue, pings, an orderly close. What it is
// told to send in one turn of the loop leaves in one write.
#pragma once

#include <memory>
#include <string>

#include "net/admission.hpp"
#include "net/application.hpp"
#include "net/frame_reader.hpp"
#include "net/frame_writer.hpp"
#include "net/link.hpp"
#include "net/loop.hpp"
#include "net/rate.hpp"

namespace vuer_rtc::net {

class WebSocketSession final : public Peer,
                               public Sender,
                               public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(Loop& loop, Link link, std::unique_ptr<Admission::Ticket> ticket,
                   const ConnectionPolicy& policy);

  /// Sends the answer to the upgrade, then lives until the connection ends.
  void begin(std::string answer, const Request& request, Application& application);

  void send(Outgoing message) override;
  void close(int code, std::string_view reason) override;
  std::size_t waiting() const override { return writer_.queue().size(); }
  void resume_reading() override;
  void flush() override;

 private:
  void read();
  void wait_to_read();
  void take(std::span<std::uint8_t> bytes);
  bool take_event(const FrameReader::Event& event);
  bool take_control(const FrameReader::Event& event);
  bool pass_on(const FrameReader::Event& event);
  bool may_read() const;
  void write_later();
  void on_written();
  void cut_off(int code, std::string_view reason);
  void end(int code, std::string_view reason);
  void wait_for_end(milliseconds time);
  void watch_silence();
  void ping();
  bool is_silent(std::int64_t now) const;
  void gone();

  Loop& loop_;
  Link link_;
  std::unique_ptr<Admission::Ticket> ticket_;
  const ConnectionPolicy& policy_;
  std::unique_ptr<Talk> talk_;
  FrameReader reader_;
  FrameWriter writer_;
  std::string unread_;  // bytes that came while it was not to be read on
  ConnectionRate rate_;
  Timer patience_;   // how long a close may take
  Timer attention_;  // the next ping, or the end of silence
  static constexpr int kNobodyClosed = 1006;
  int end_code_ = kNobodyClosed;  // of whoever closed first
  std::int64_t heard_at_ = 0, wrote_at_ = 0, pinged_at_ = 0;
  bool is_pinged_ = false;  // and has not answered
  bool reading_ = false;    // waits for bytes
  bool writing_ = false;    // waits for room in the socket
  bool flushing_ = false;
  bool paused_ = false;   // the program wants no more now
  bool closing_ = false;  // a close was asked for
  bool deaf_ = false;     // what still comes goes to nobody
  bool finished_ = false, gone_ = false;
};

}  // namespace vuer_rtc::net
