#include "net/send_queue.hpp"

#include "net/traffic.hpp"

namespace vuer_rtc::net {
namespace {

constexpr std::size_t kMostSent = 256;  // that are kept before the others move up

}  // namespace

bool SendQueue::fits(const Outgoing& message) const {
  if (message.weight == Weight::JoinData) return true;
  return bytes_ + message.bytes.size() <= max_bytes_ && frames_ < max_frames_;
}

void SendQueue::count(const Outgoing& message, bool in) {
  total_ += in ? message.bytes.size() : -message.bytes.size();
  traffic.queued_bytes += in ? message.bytes.size() : -message.bytes.size();
  traffic.queued_frames += in ? 1 : -1;
  if (message.weight == Weight::JoinData) return;
  bytes_ += in ? message.bytes.size() : -message.bytes.size();
  frames_ += in ? 1 : -1;
}

bool SendQueue::push(Outgoing message) {
  if (!fits(message)) {
    forget_sent();
    std::erase_if(waiting_, [&](const Outgoing& one) {
      if (one.weight != Weight::Presence) return false;
      count(one, false);
      ++traffic.dropped;
      return true;
    });
    if (!fits(message)) {  // a presence lost is no harm
      traffic.dropped += message.weight == Weight::Presence ? 1 : 0;
      return message.weight == Weight::Presence;
    }
  }
  count(message, true);
  waiting_.push_back(std::move(message));
  return true;
}

Outgoing SendQueue::pop() {
  Outgoing message = std::move(waiting_[first_++]);
  count(message, false);
  if (first_ == waiting_.size() || first_ >= kMostSent) forget_sent();
  return message;
}

void SendQueue::forget_sent() {
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

void SendQueue::shrink() {
  if (empty()) waiting_ = {};
}

void SendQueue::clear() {
  traffic.queued_bytes -= total_;
  traffic.queued_frames -= size();
  waiting_ = {};
  first_ = 0;
  bytes_ = frames_ = total_ = 0;
}

}  // namespace vuer_rtc::net
