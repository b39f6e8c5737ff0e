// What clients would collect, collected here: content of deleted items goes, and what continues
// each other becomes one struct (endpoint specification, section 8).
#pragma once

#include "protocol/yjs/store.hpp"

namespace vuer_rtc::yjs {

/// The compacted store, written in normal form: same clocks, same deletes, same state vector.
Bytes compacted(const Store& store);

}  // namespace vuer_rtc::yjs
