// digests [--all] FILE...: one line per law vector with the digest that this build makes of its
// messages; with --all also one over all graphs, texts and snapshots, byte by byte. Compiled by
// every compiler; the lines must be the same, and those of digests.mjs too.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include "vectors/scenario.hpp"

namespace {

using namespace vuer_rtc;
using vuer_rtc::testing::Scenario;

/// FNV-1a: enough to tell two outputs apart.
std::uint64_t hash_of(const Bytes& bytes, std::uint64_t hash) {
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3ull;
  return hash;
}

/// The digest of what it makes, and in `seen` the graph, the texts and the snapshot.
void print(const Scenario& scenario, std::uint64_t& seen) {
  Document document;
  if (!scenario.snapshot.empty() && !document.load(scenario.snapshot)) seen++;
  for (const Bytes& message : scenario.messages) seen += document.receive(message).ok();
  seen = hash_of(document.texts(), hash_of(document.graph(), seen));
  if (const Result<Bytes> snapshot = document.snapshot()) seen = hash_of(*snapshot, seen);
  std::printf("%s ", scenario.name.c_str());
  for (const std::uint8_t byte : document.digest()) std::printf("%02x", byte);
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  bool all = false;
  std::uint64_t seen = 0xcbf29ce484222325ull;
  for (int i = 1; i < argc; i++) {
    if (std::string(argv[i]) == "--all") {
      all = true;
      continue;
    }
    std::ifstream lines(argv[i]);
    if (!lines) {
      std::fprintf(stderr, "cannot read %s\n", argv[i]);
      return 1;
    }
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) print(vuer_rtc::testing::read_scenario(line), seen);
    }
  }
  if (all) std::printf("all %016llx\n", static_cast<unsigned long long>(seen));
  return 0;
}
