// What waits for one reader, and how much of it may wait. Join data is not counted: it is sent as
// the socket takes it.
#pragma once

#include <cstddef>
#include <deque>

#include "net/application.hpp"

namespace vuer_rtc::net {

class SendQueue {
 public:
  SendQueue(std::size_t max_bytes, std::size_t max_frames)
      : max_bytes_(max_bytes), max_frames_(max_frames) {}
  ~SendQueue() { clear(); }
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;

  /// False: the reader is too slow, nothing was added. Waiting presence is dropped before that
  /// happens.
  bool push(Outgoing message);
  Outgoing pop();
  void clear();
  bool empty() const { return waiting_.empty(); }
  std::size_t size() const { return waiting_.size(); }
  /// Everything that waits, join data included.
  std::size_t total_bytes() const { return total_; }

 private:
  bool fits(const Outgoing& message) const;
  void count(const Outgoing& message, bool in);
  std::size_t max_bytes_, max_frames_;
  std::size_t bytes_ = 0, frames_ = 0;  // without join data
  std::size_t total_ = 0;
  std::deque<Outgoing> waiting_;
};

}  // namespace vuer_rtc::net
