// What waits for one reader, and how much of it may wait. Join data is not counted: it is sent as
// the socket takes it.
#pragma once

#include <cstddef>
#include <vector>

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
  /// Gives memory back when nothing waits.
  void shrink();
  bool empty() const { return size() == 0; }
  std::size_t size() const { return waiting_.size() - first_; }
  /// Everything that waits, join data included.
  std::size_t total_bytes() const { return total_; }

 private:
  bool fits(const Outgoing& message) const;
  void count(const Outgoing& message, bool in);
  void forget_sent();
  std::size_t max_bytes_, max_frames_;
  std::size_t bytes_ = 0, frames_ = 0;  // without join data
  std::size_t total_ = 0;
  std::vector<Outgoing> waiting_;  // those before first_ have left; a deque is half a kB when empty
  std::size_t first_ = 0;
};

}  // namespace vuer_rtc::net
