// The Bloom filter of `sync` (wire protocol, section 2): 7 bits per id by double hashing of
// FNV-1a 64.
#pragma once

#include <string>
#include <string_view>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc::server {

/// An empty filter for `count` ids: ten bits each, rounded up to bytes.
Bytes make_bloom(std::uint64_t count);
void bloom_add(Bytes& filter, std::string_view salt, std::string_view id);
/// False is certain, true may be wrong. An empty filter holds nothing.
bool bloom_may_hold(ByteSpan filter, std::string_view salt, std::string_view id);

}  // namespace vuer_rtc::server
