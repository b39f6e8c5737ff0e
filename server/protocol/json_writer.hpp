// MessagePack to JSON text: numbers shortest, bytes as base64, strings always valid UTF-8.
#pragma once

#include <string>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::server {

/// One MessagePack value. BadFrame on what JSON cannot hold (extension types, keys that are not
/// strings) or on bytes that are no MessagePack; a number that is not finite becomes null.
Result<std::string> msgpack_to_json(ByteSpan bytes);

void append_json_string(std::string_view text, std::string& out);
void append_json_number(double value, std::string& out);

}  // namespace vuer_rtc::server
