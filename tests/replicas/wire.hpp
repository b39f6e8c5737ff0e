// Where a replica sends, and a bad network in one direction behind it: drops, doubles and reorders
// what is sent, until it is told to be good.
#pragma once

#include <algorithm>
#include <deque>
#include <utility>

#include "replicas/random.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::testing {

/// A replica's way to the server.
class Outlet {
 public:
  virtual ~Outlet() = default;
  /// One message that the author made.
  virtual void send(Bytes message) = 0;
};

class Wire final : public Outlet {
 public:
  explicit Wire(Random& random) : random_(&random) {}

  void send(Bytes frame) override {
    if (bad_ && random_->percent(kLost)) return;
    if (bad_ && random_->percent(kDoubled)) queue_.push_back(frame);
    queue_.push_back(std::move(frame));
  }
  bool empty() const { return queue_.empty(); }
  /// Mostly the first, now and then one of the next few; always the first on a good network.
  Bytes take() {
    bool overtakes = bad_ && random_->percent(kOvertakes);
    std::size_t window = overtakes ? std::min(queue_.size(), kWindow) : 1;
    auto at = queue_.begin() + random_->below(static_cast<std::uint32_t>(window));
    Bytes frame = std::move(*at);
    queue_.erase(at);
    return frame;
  }
  void cut() { queue_.clear(); }
  void mend() { bad_ = false; }

 private:
  static constexpr std::uint32_t kLost = 3, kDoubled = 5, kOvertakes = 15;  // percent
  static constexpr std::size_t kWindow = 8;
  Random* random_;
  std::deque<Bytes> queue_;
  bool bad_ = true;
};

}  // namespace vuer_rtc::testing
