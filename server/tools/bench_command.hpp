// `vuer-rtc-server bench`: how much this program does on this machine and this disk. It starts
// itself as a server, puts the loads of a few kinds of rooms on it, and prints what came of them.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "flags.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

/// The report (or the help text) these flags ask for. BadOperation names the flag that is wrong, or
/// says why nothing could be measured.
Result<std::string> run_bench_command(std::span<const std::string_view> arguments,
                                      const Environment& environment,
                                      const std::function<void(const std::string&)>& progress);

}  // namespace vuer_rtc::server
