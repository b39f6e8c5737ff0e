// The vectors of the operations: tests/vectors/ops/<wire name>.json, one file per row of the
// registry.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vuer_rtc {

/// The wire names of the registry, in its order.
const std::vector<std::string>& registered_operations();

/// The cases of one operation. Throws when the file is missing.
nlohmann::json cases_of(const std::string& wire_name);

}  // namespace vuer_rtc
