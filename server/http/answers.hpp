// Answers of the REST API: JSON that no cache keeps, and errors as {"error": {code, message}}.
#pragma once

#include <string>
#include <string_view>

#include "net/application.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

net::Response json_answer(std::string body, int status = 200);
net::Response fault(int status, std::string_view code, std::string_view message);
/// With the status that fits the code; what passes names a time to come back.
net::Response fault(const Error& error);

}  // namespace vuer_rtc::server
