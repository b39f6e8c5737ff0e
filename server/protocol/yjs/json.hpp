// JSON as far as the endpoint looks at it (RFC 8259, at most 100 containers deep): is it valid, and
// which texts does an object hold. Contents are never converted.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vuer_rtc::yjs {

/// Exactly one value, with white space around it at most.
bool is_json(std::string_view text);

/// Without the white space around it.
std::string_view trim_json(std::string_view text);

/// The members of an object that are strings, by their names; nothing when it is not an object.
std::optional<std::map<std::string, std::string>> json_texts(std::string_view text);

}  // namespace vuer_rtc::yjs
