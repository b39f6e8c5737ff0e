// Base64url without padding (RFC 7515, section 2). Only the one canonical spelling of bytes is
// read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc::server {

std::string encode_base64url(std::string_view bytes);
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace vuer_rtc::server
