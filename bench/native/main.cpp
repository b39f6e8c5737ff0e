// bench_core WORKLOAD FOLDER ROUNDS SECONDS: one workload natively, one line of JSON.
// bench_core fingerprint NAME FOLDER: what this reader takes from a workload file.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "data.hpp"
#include "suites.hpp"

namespace {

struct Workload {
  const char* name;
  bench::Rows (*run)(const bench::Place&);
};

constexpr Workload kWorkloads[] = {
    {"scene_each", bench::scene_each},
    {"scene_buffer", bench::scene_buffer},
    {"scene_hundreds", bench::scene_hundreds},
    {"scene_writers", bench::scene_writers},
    {"moves", bench::moves},
    {"undo", bench::undo},
    {"late", bench::late},
    {"text_batched", bench::text_batched},
    {"text_each", bench::text_each},
    {"text_receive", bench::text_receive},
    {"text_blob", bench::text_blob},
    {"text_load", bench::text_load},
    {"large_load", bench::large_load},
    {"large_memory", bench::large_memory},
    {"digest", bench::digest},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "fingerprint") == 0) {
    std::printf("%08x\n", static_cast<unsigned>(bench::fingerprint(argv[2], argv[3])));
    return 0;
  }
  if (argc != 5) {
    std::fprintf(stderr, "bench_core WORKLOAD FOLDER ROUNDS SECONDS\n");
    return 2;
  }
  const bench::Place place{argv[2], {std::atoi(argv[3]), std::atof(argv[4])}};
  for (const Workload& workload : kWorkloads) {
    if (std::strcmp(workload.name, argv[1]) != 0) continue;
    bench::print(workload.run(place));
    return 0;
  }
  std::printf("{}\n");  // a workload of other systems only
  return 0;
}
