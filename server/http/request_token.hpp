// The token a request carries, wherever it carries it.
#pragma once

#include <string>

#include "net/application.hpp"

namespace vuer_rtc::server {

/// Empty: none.
std::string request_token(const net::Request& request);

}  // namespace vuer_rtc::server
