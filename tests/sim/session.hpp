// The server's end of one connection: what the WebSocket session does, over the simulated network.
// Frames wait in the production queue and leave one by one, slowly when the reader is slow.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "net/send_queue.hpp"
#include "protocol/room_host.hpp"
#include "sim/ground.hpp"

namespace vuer_rtc::sim {

class Session final : public net::Peer {
 public:
  struct Pace {
    std::size_t queue_bytes, queue_frames;
    std::int64_t frame_time;  ///< milliseconds until one frame has left
  };
  /// Calls a function after some time, unless the process has ended by then.
  using Later = std::function<void(std::int64_t, std::function<void()>)>;
  Session(const Ground& ground, server::RoomHost& host, ConnectionNumber connection,
          const Pace& pace, Later later);

  void begin(const server::Join& join);
  void hear(const Parcel& parcel);
  /// The reader is fast from now on.
  void hurry() { pace_.frame_time = 0; }

  void send(net::Outgoing message) override;
  void close(int code, std::string_view reason) override;
  std::size_t waiting() const override { return queue_.size(); }
  void resume_reading() override;

 private:
  void read();
  void write();
  void leave(const net::Outgoing& message);
  void watch();
  void gone();

  Ground ground_;
  server::RoomHost& host_;
  ConnectionNumber connection_;
  Pace pace_;
  Later later_;
  server::ConnectionId id_ = 0;
  net::SendQueue queue_;
  std::deque<Parcel> unread_;
  std::size_t unread_bytes_ = 0;
  std::int64_t heard_at_ = 0;
  int code_ = 0;
  bool paused_ = false, writing_ = false, closing_ = false, gone_ = false;
};

}  // namespace vuer_rtc::sim
