// Memory that was freed and not given back to the system. The C library keeps what a crowd that
// came and went has used, as soon as something small behind it lives on.
#pragma once

#include <cstdint>

namespace vuer_rtc::server {

class FreedMemory {
 public:
  /// Gives it back, at most every half minute, when it is worth the few milliseconds that takes.
  /// `now`: milliseconds of a clock that does not jump.
  void give_back(std::int64_t now);

 private:
  std::int64_t due_ = 0;
};

}  // namespace vuer_rtc::server
