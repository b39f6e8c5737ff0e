// One law vector (tests/model/README.md) and what it takes to check it against a Document.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vuer_rtc/document.hpp"

namespace vuer_rtc::testing {

using Json = nlohmann::json;

/// A scenario with its messages encoded once; it is delivered many times.
struct Scenario {
  std::string name;
  Json source;
  bool trig = false;
  Bytes snapshot;  ///< empty: it starts from nothing
  std::vector<Bytes> messages;
  std::vector<Bytes> refused;
};

Scenario read_scenario(const std::string& line);

/// Everything the scenario promises, in its own orders and in `shuffles` seeded ones with
/// duplicates. The reasons it does not hold, empty when it does.
std::vector<std::string> check_scenario(const Scenario& scenario, int shuffles);

}  // namespace vuer_rtc::testing
