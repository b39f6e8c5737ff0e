// Virtual time: events in order of their time, and of their making where times are equal. Nothing
// in a simulation knows another clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace vuer_rtc::sim {

class Timeline {
 public:
  /// Milliseconds since the start.
  std::int64_t now() const { return now_; }
  void after(std::int64_t delay, std::function<void()> what) {
    events_.emplace(std::make_pair(now_ + delay, made_++), std::move(what));
  }
  /// Does what comes next when it comes before `end`; false when nothing does.
  bool step(std::int64_t end) {
    if (events_.empty() || events_.begin()->first.first >= end) return false;
    auto next = events_.extract(events_.begin());
    now_ = next.key().first;
    next.mapped()();
    return true;
  }

 private:
  std::int64_t now_ = 0;
  std::uint64_t made_ = 0;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> events_;
};

}  // namespace vuer_rtc::sim
