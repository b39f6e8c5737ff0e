// The one handler that all *.set operations share.
#pragma once

#include "model/operation.hpp"

namespace vuer_rtc {

Value apply_set(const Operation& op, const Value& current);

}  // namespace vuer_rtc
