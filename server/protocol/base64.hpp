// Base64 (RFC 4648, with padding): how JSON carries bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc::server {

void append_base64(ByteSpan bytes, std::string& out);
/// Nothing when the text is not base64; padding may be missing.
std::optional<Bytes> decode_base64(std::string_view text);

}  // namespace vuer_rtc::server
