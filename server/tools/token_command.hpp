// `vuer-rtc-server token`: makes a token for a key file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "flags.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

/// The token (or the help text) these flags ask for. `wall` is the time in milliseconds.
/// BadOperation names the flag that is wrong.
Result<std::string> run_token_command(std::span<const std::string_view> arguments,
                                      const Environment& environment, std::int64_t wall);

}  // namespace vuer_rtc::server
