#include "net/send_queue.hpp"

namespace vuer_rtc::net {

bool SendQueue::fits(const Outgoing& message) const {
  if (message.weight == Weight::JoinData) return true;
  return bytes_ + message.bytes.size() <= max_bytes_ && frames_ < max_frames_;
}

void SendQueue::count(const Outgoing& message, bool in) {
  total_ += in ? message.bytes.size() : -message.bytes.size();
  if (message.weight == Weight::JoinData) return;
  bytes_ += in ? message.bytes.size() : -message.bytes.size();
  frames_ += in ? 1 : -1;
}

bool SendQueue::push(Outgoing message) {
  if (!fits(message)) {
    std::erase_if(waiting_, [&](const Outgoing& one) {
      if (one.weight != Weight::Presence) return false;
      count(one, false);
      return true;
    });
    if (!fits(message)) return message.weight == Weight::Presence;  // a presence lost is no harm
  }
  count(message, true);
  waiting_.push_back(std::move(message));
  return true;
}

Outgoing SendQueue::pop() {
  Outgoing message = std::move(waiting_.front());
  waiting_.pop_front();
  count(message, false);
  return message;
}

void SendQueue::clear() {
  waiting_.clear();
  bytes_ = frames_ = total_ = 0;
}

}  // namespace vuer_rtc::net
