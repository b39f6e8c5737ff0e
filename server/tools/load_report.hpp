// What a run of the load client found, for people and for programs.
#pragma once

#include <string>

#include "tools/load_plan.hpp"
#include "tools/load_run.hpp"

namespace vuer_rtc::server {

std::string load_text(const LoadPlan& plan, const LoadFigures& figures);
/// One line.
std::string load_json(const LoadPlan& plan, const LoadFigures& figures);

}  // namespace vuer_rtc::server
