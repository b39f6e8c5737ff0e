// Which web pages may open a connection (wire protocol, section 7).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vuer_rtc::server {

/// The page must come from this host (`host` is the Host header), from localhost, or from one of
/// `extra`, which are compared exactly. `null` never. (A request without the header is not asked
/// about: no browser sent it.)
bool is_origin_allowed(std::string_view origin, std::string_view host,
                       std::span<const std::string> extra);

/// 127.0.0.0/8, ::1 and localhost, with or without brackets.
bool is_loopback(std::string_view host_name);

}  // namespace vuer_rtc::server
