// Sets: any stored value of the right shape replaces the current one (the payload column says which
// shape).
#include "ops/set.hpp"

namespace vuer_rtc {

Value apply_set(const Operation& op, const Value&) { return op.value; }

}  // namespace vuer_rtc
