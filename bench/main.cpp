// bench_core [--json FILE] [--trace FILE] [--only PART-OF-A-NAME]
#include <cstdio>
#include <cstring>

#include "suites.hpp"

int main(int argc, char** argv) {
  const char* json = nullptr;
  const char* trace = nullptr;
  const char* only = "";
  for (int i = 1; i < argc; i += 2) {
    const char** option = std::strcmp(argv[i], "--json") == 0    ? &json
                          : std::strcmp(argv[i], "--trace") == 0 ? &trace
                          : std::strcmp(argv[i], "--only") == 0  ? &only
                                                                 : nullptr;
    if (option == nullptr || i + 1 == argc) {
      std::fprintf(stderr, "bench_core [--json FILE] [--trace FILE] [--only PART]\n");
      return 2;
    }
    *option = argv[i + 1];
  }
  bench::Report report(only);
  std::printf("%-40s %10s %-6s  %-16s %s\n", "workload", "figure", "", "bar", "ratio");
  bench::run_late(report);  // first: it tells the memory of a fresh process
  bench::run_scene(report);
  bench::run_text(report, trace);
  bench::run_store(report);
  bench::run_large(report);
  return report.finish(json);
}
