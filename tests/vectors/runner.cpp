// vector_runner [--json REPORT] [--shuffles N] FILE...: law vectors against the core; "-" reads
// standard input. Compiled natively and to WebAssembly. Prints each scenario that failed with its
// reason, then the counts.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "vectors/scenario.hpp"

namespace {

using vuer_rtc::testing::Json;

struct Counts {
  int passed = 0;
  int failed = 0;
  Json names = Json::array();  ///< of the failed scenarios
};

constexpr int kShuffles = 20;
constexpr std::size_t kShownReasons = 3;

void run_line(const std::string& line, int shuffles, Counts& counts) {
  std::string name = "unreadable: " + line.substr(0, 60);
  std::vector<std::string> reasons;
  try {
    vuer_rtc::testing::Scenario scenario = vuer_rtc::testing::read_scenario(line);
    name = scenario.name;
    reasons = check_scenario(scenario, shuffles);
  } catch (const std::exception& fault) {
    reasons.push_back(fault.what());
  }
  if (reasons.empty()) {
    counts.passed++;
    return;
  }
  counts.failed++;
  counts.names.push_back(name);
  for (std::size_t i = 0; i < reasons.size() && i < kShownReasons; i++) {
    std::printf("%s: %s\n", name.c_str(), reasons[i].c_str());
  }
}

void run_stream(std::istream& lines, int shuffles, Counts& counts) {
  std::string line;
  while (std::getline(lines, line)) {
    if (!line.empty()) run_line(line, shuffles, counts);
  }
}

bool run_source(const std::string& source, int shuffles, Counts& counts) {
  if (source == "-") {
    run_stream(std::cin, shuffles, counts);
    return true;
  }
  std::ifstream file(source);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", source.c_str());
    return false;
  }
  run_stream(file, shuffles, counts);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Counts counts;
  std::string report;
  int shuffles = kShuffles;
  for (int i = 1; i < argc; i++) {
    std::string argument = argv[i];
    bool is_option = (argument == "--json" || argument == "--shuffles") && i + 1 < argc;
    if (!is_option) {
      if (!run_source(argument, shuffles, counts)) return 2;
      continue;
    }
    i++;
    if (argument == "--json")
      report = argv[i];
    else
      shuffles = std::atoi(argv[i]);
  }
  std::printf("%d passed, %d failed\n", counts.passed, counts.failed);
  if (!report.empty()) {
    Json out = {{"passed", counts.passed}, {"failed", counts.failed}, {"names", counts.names}};
    std::ofstream(report) << out << "\n";
  }
  return counts.failed == 0 ? 0 : 1;
}
