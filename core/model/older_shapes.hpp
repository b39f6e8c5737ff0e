// Node ops as the older line wrote them, read as today's (law, section 5; reference API,
// section 2.11).
#pragma once

#include "model/operation.hpp"

namespace vuer_rtc {

/// Rewrites `key` and `value` of a decoded node op where it has one of the older shapes:
/// insert {key: node, path: node or "", parent or parentKey, tag, value}, remove {key: node, path:
/// ""}, move {key: node, to: parent, toPath}.
void adopt_older_shape(Operation& op);

}  // namespace vuer_rtc
