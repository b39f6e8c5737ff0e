// What goes out on a WebSocket connection, in frames: gathers what waits into one buffer, control
// frames first, the close last.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/send_queue.hpp"

namespace vuer_rtc::net {

class FrameWriter {
 public:
  explicit FrameWriter(const ConnectionPolicy& policy)
      : queue_(policy.queue_bytes, policy.queue_frames) {}

  SendQueue& queue() { return queue_; }
  const SendQueue& queue() const { return queue_; }
  bool ping(std::string_view payload);  ///< false: another control frame waits
  void pong(std::string_view payload);
  /// The last frame; nothing is gathered behind it.
  void close(int code, std::string_view reason);
  /// Bytes as they are, before everything else.
  void begin_with(std::string bytes) { unsent_ = std::move(bytes); }

  /// Fills `out` from its front; gives how much there is. What was not sent then must be given back
  /// with keep() before the next call.
  std::size_t gather(std::span<std::uint8_t> out);
  void keep(std::span<const std::uint8_t> unsent) { unsent_.assign(unsent.begin(), unsent.end()); }

  /// Everything was gathered and sent.
  bool is_idle() const {
    return message_size_ == 0 && queue_.empty() && controls_.empty() && unsent_.empty() &&
           close_.empty();
  }
  bool has_closed() const { return closed_ && is_idle(); }
  std::size_t waiting_bytes() const {
    return queue_.total_bytes() + message_size_ + controls_.size() + unsent_.size();
  }

 private:
  bool take_message(std::span<std::uint8_t> out, std::size_t& filled);

  SendQueue queue_;
  std::string unsent_;    // gathered once, not taken by the socket
  std::string controls_;  // pings and pongs
  std::string close_;
  Outgoing message_;  // under way: a frame that has begun goes on before any other
  std::size_t message_size_ = 0, message_sent_ = 0;  // of its frame; 0: none is under way
  bool closed_ = false;
};

}  // namespace vuer_rtc::net
