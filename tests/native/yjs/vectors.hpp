// tests/vectors/yjs-updates.json and its byte strings.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "protocol/yjs/store.hpp"

namespace vuer_rtc::yjs {

const nlohmann::json& vectors();
Bytes from_hex(const std::string& text);
std::string to_hex(ByteSpan bytes);

inline Slice slice_of(const std::string& hex) { return whole(from_hex(hex)); }

/// An update that can be read.
Update read(const Slice& bytes);
Delta add(Store& store, const std::string& hex);
/// A store with these updates in it.
Store store_of(const std::vector<std::string>& updates);

/// What does not depend on the order of arrival: state vector, deletes and covered clocks.
std::string coverage(const Store& store);

}  // namespace vuer_rtc::yjs
