#include "sim/session.hpp"

#include <utility>

namespace vuer_rtc::sim {
namespace {

constexpr std::int64_t kSilence = 45'000;  // milliseconds, then the connection is gone
constexpr std::int64_t kWatchTime = 5'000;
// What may wait: answers and join data are not counted by the queue, but stop the reading.
constexpr std::size_t kMostWaiting = 4u << 20, kMostUnread = 1u << 20;

}  // namespace

Session::Session(const Ground& ground, server::RoomHost& host, ConnectionNumber connection,
                 const Pace& pace, Later later)
    : ground_(ground),
      host_(host),
      connection_(connection),
      pace_(pace),
      later_(std::move(later)),
      queue_(pace.queue_bytes, pace.queue_frames),
      heard_at_(ground.timeline.now()) {}

void Session::begin(const server::Join& join) {
  ground_.trace.event(join.client, "joins", connection_);
  id_ = host_.connect(kRoom, join, server::kNever, *this);
  watch();
}

void Session::watch() {
  later_(kWatchTime, [this] {
    if (gone_) return;
    if (ground_.timeline.now() - heard_at_ > kSilence) return gone();
    watch();
  });
}

void Session::hear(const Parcel& parcel) {
  if (gone_) return;
  heard_at_ = ground_.timeline.now();
  if (parcel.kind == Parcel::Kind::Close) return gone();
  unread_.push_back(parcel);
  unread_bytes_ += parcel.bytes.size();
  if (unread_bytes_ > kMostUnread) ground_.ledger.blame("memory: unread frames of one connection");
  read();
}

void Session::read() {
  while (!gone_ && !paused_ && !unread_.empty() && queue_.total_bytes() <= pace_.queue_bytes) {
    const Parcel parcel = std::move(unread_.front());
    unread_.pop_front();
    unread_bytes_ -= parcel.bytes.size();
    ground_.trace.event("server", parcel.text ? "hears text" : "hears",
                        parcel.text ? ByteSpan{} : ByteSpan(parcel.bytes));
    const auto* data = reinterpret_cast<const char*>(parcel.bytes.data());
    paused_ = !closing_ && !host_.frame(id_, {data, parcel.bytes.size()}, parcel.text);
  }
}

void Session::resume_reading() {
  if (!std::exchange(paused_, false)) return;
  later_(0, [this] { read(); });
}

void Session::send(net::Outgoing message) {
  if (closing_ || gone_) return;
  if (!queue_.push(std::move(message))) {
    queue_.clear();
    return close(server::CloseCode::kSlowReader, "");
  }
  if (queue_.total_bytes() > kMostWaiting) ground_.ledger.blame("memory: queue of one reader");
  write();
}

void Session::close(int code, std::string_view) {
  if (std::exchange(closing_, true) || gone_) return;
  code_ = code;
  paused_ = false;
  write();
}

void Session::write() {
  if (std::exchange(writing_, true)) return;
  later_(pace_.frame_time, [this] {
    writing_ = false;
    if (gone_) return;
    if (!queue_.empty()) {
      leave(queue_.pop());
      if (queue_.empty()) host_.drained(id_);
    } else if (closing_) {
      ground_.trace.event("server", "closes", static_cast<std::uint64_t>(code_));
      Parcel parcel;
      parcel.kind = Parcel::Kind::Close;
      parcel.code = code_;
      ground_.network.to_person(connection_, std::move(parcel));
      return gone();
    }
    if (!queue_.empty() || closing_) write();
    read();
  });
}

void Session::leave(const net::Outgoing& message) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(message.bytes.data());
  Parcel parcel;
  parcel.bytes.assign(data, data + message.bytes.size());
  parcel.text = message.text;
  if (!message.text) ground_.ledger.told(parcel.bytes);
  ground_.network.to_person(connection_, std::move(parcel));
}

void Session::gone() {
  if (std::exchange(gone_, true)) return;
  queue_.clear();
  unread_.clear();
  host_.gone(id_);
}

}  // namespace vuer_rtc::sim
