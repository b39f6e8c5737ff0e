// `vuer-rtc-server load`: puts load on a server and says how it took it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "flags.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

/// The report (or the help text) these flags ask for. BadOperation names the flag that is wrong, or
/// says why there was no run.
Result<std::string> run_load_command(std::span<const std::string_view> arguments,
                                     const Environment& environment,
                                     const std::function<void(const std::string&)>& progress);

}  // namespace vuer_rtc::server
