// What changed in the visible text since somebody last asked: everything between a kept beginning
// and a kept end.
#pragma once

#include <algorithm>
#include <cstdint>

namespace vuer_rtc {

class SpliceWindow {
 public:
  bool is_watched() const { return is_watched_; }
  bool is_changed() const { return is_changed_; }
  /// Starts over: nothing has changed in a text of this length.
  void restart(std::uint64_t length) {
    is_watched_ = true;
    is_changed_ = false;
    before_ = after_ = length_ = length;
  }
  /// `at` visible units stand before the change, `behind` after it, before and after the change.
  void change(std::uint64_t at, std::uint64_t behind) {
    is_changed_ = true;
    before_ = std::min(before_, at);
    after_ = std::min(after_, behind);
  }
  /// Units kept at the beginning, at the end; the text's length at the restart. Only when it
  /// changed.
  std::uint64_t before() const { return before_; }
  std::uint64_t after() const { return after_; }
  std::uint64_t length() const { return length_; }

 private:
  bool is_watched_ = false;
  bool is_changed_ = false;
  std::uint64_t before_ = 0;
  std::uint64_t after_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace vuer_rtc
