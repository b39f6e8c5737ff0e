// A large scene: stored, loaded, held in memory, digested.
#include <cmath>
#include <cstdio>

#include "replica.hpp"
#include "suites.hpp"

namespace bench {
namespace {

std::string stored_name(const Place& place) { return place.folder + "/native.stored"; }

void write_file(const std::string& name, const Bytes& bytes) {
  std::FILE* file = std::fopen(name.c_str(), "wb");
  check(file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size(),
        "a file");
  std::fclose(file);
}

Bytes read_file(const std::string& name) {
  Bytes out;
  std::FILE* file = std::fopen(name.c_str(), "rb");
  if (file == nullptr) return out;
  std::fseek(file, 0, SEEK_END);
  out.resize(static_cast<std::size_t>(std::ftell(file)));
  std::rewind(file);
  check(std::fread(out.data(), 1, out.size(), file) == out.size(), "a file");
  std::fclose(file);
  return out;
}

/// Bytes this process holds in memory.
double resident() {
  unsigned long long kilobytes = 0;
  std::FILE* file = std::fopen("/proc/self/status", "r");
  char line[256];
  while (file != nullptr && std::fgets(line, sizeof line, file)) {
    if (std::sscanf(line, "VmRSS: %llu", &kilobytes) == 1) break;
  }
  if (file != nullptr) std::fclose(file);
  return static_cast<double>(kilobytes) * 1024;
}

}  // namespace

Rows large_load(const Place& place) {
  const Large data = read_large(place.folder);
  const Bytes snapshot = stored(large_scene(data));
  write_file(stored_name(place), snapshot);
  double expected = 0, sum = 0;
  for (std::uint32_t i = 0; i < data.nodes; ++i) expected += data.values[i * data.properties];
  std::unique_ptr<Document> document;
  const Figure load = time(place.limits, [&] {
    document.reset();
    sum = 0;
    return Round{[&](std::size_t) {
                   document = std::make_unique<Document>();
                   check(document->load(snapshot).ok(), "a snapshot");
                   for (std::uint32_t i = 0; i < data.nodes; ++i) sum += number_of(*document, i, 0);
                 },
                 [&](std::size_t) { check(std::fabs(sum - expected) < 1e-3, "other numbers"); }};
  });
  return {{"large_load", load}, {"large_bytes", counted(static_cast<double>(snapshot.size()))}};
}

Rows large_memory(const Place& place) {
  const Bytes snapshot = read_file(stored_name(place));
  if (snapshot.empty()) return {};
  const double before = resident();
  Document document;
  check(document.load(snapshot).ok(), "a snapshot");
  for (std::uint32_t i = 0; i < document.node_count() - 1; ++i) number_of(document, i, 0);
  const double taken = resident() - before;
  return {{"large_memory", counted(taken / 1e6)}};
}

Rows digest(const Place& place) {
  const Large data = read_large(place.folder);
  const auto ops = set_ops(read_sets(place.folder));
  Document document;
  check(document.receive_all(large_scene(data)).ok(), "a scene");
  keep(document.digest()[0]);
  const std::uint64_t lt = document.lt();
  std::size_t changes = 0;
  const Figure figure = time(place.limits, [&] {
    ++changes;
    const Bytes message = message_at("writer", changes, lt + changes, ops[changes]);
    check(document.receive(message).ok(), "a change");
    return Round{[&](std::size_t) { keep(document.digest()[0]); }};
  });
  return {{"digest", figure}};
}

}  // namespace bench
