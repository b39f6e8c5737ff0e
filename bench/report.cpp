// Clocks, the table and the JSON file.
#include "report.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace bench {

double seconds() {
  if (is_wasm()) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
  }
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double least_time(int rounds, const std::function<void()>& prepare,
                  const std::function<void()>& run) {
  double least = 1e9;
  for (int round = 0; round < rounds; ++round) {
    prepare();
    const double start = seconds();
    run();
    least = std::min(least, seconds() - start);
  }
  return least;
}

std::uint64_t resident_bytes() {
  std::uint64_t kilobytes = 0;
  if (is_wasm()) return 0;
  if (std::FILE* file = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, file)) {
      unsigned long long number = 0;
      if (std::sscanf(line, "VmRSS: %llu", &number) == 1) kilobytes = number;
    }
    std::fclose(file);
  }
  return kilobytes * 1024;
}

void keep(std::uint64_t value) {
  static volatile std::uint64_t sink;
  sink = sink ^ value;
}

void Report::add(Figure figure) {
  char bar[48] = "-", ratio[64] = "";
  if (figure.bar != 0) {
    std::snprintf(bar, sizeof bar, "%s %.3g%s", figure.bar_is_floor ? ">=" : "<=", figure.bar,
                  figure.meets_bar() ? "" : "  MISSED");
  }
  if (figure.base != 0) {
    std::snprintf(ratio, sizeof ratio, "%.2f x %s", figure.ratio(), figure.baseline.c_str());
  }
  std::printf("%-40s %10.4g %-6s  %-16s %s\n", figure.name.c_str(), figure.value,
              figure.unit.c_str(), bar, ratio);
  std::fflush(stdout);
  figures_.push_back(std::move(figure));
}

void Report::fail(const std::string& text) {
  std::printf("FAILED: %s\n", text.c_str());
  failed_ = true;
}

int Report::finish(const char* json_file) const {
  if (json_file != nullptr) {
    std::FILE* file = std::fopen(json_file, "w");
    if (file == nullptr) return 2;
    std::fprintf(file, "{\"runtime\": \"%s\", \"figures\": [", is_wasm() ? "wasm" : "native");
    const char* between = "\n";
    for (const Figure& figure : figures_) {
      std::fprintf(file,
                   "%s  {\"name\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", \"bar\": %.6g, "
                   "\"greater_is_better\": %s, \"baseline\": \"%s\", \"ratio\": %.6g}",
                   between, figure.name.c_str(), figure.value, figure.unit.c_str(), figure.bar,
                   figure.bar_is_floor ? "true" : "false", figure.baseline.c_str(), figure.ratio());
      between = ",\n";
    }
    std::fprintf(file, "\n]}\n");
    std::fclose(file);
  }
  return failed_ ? 1 : 0;
}

}  // namespace bench
