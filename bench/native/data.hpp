// The workload files (workloads/generate.mjs writes them).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct Sets {
  std::uint32_t nodes = 0;
  std::vector<std::uint32_t> node;
  std::vector<double> values;  ///< three each
};

struct Moves {
  std::uint32_t nodes = 0;
  std::vector<std::uint32_t> writer, node, parent;
};

struct Large {
  std::uint32_t nodes = 0, properties = 0;
  std::vector<double> values;
};

/// Positions and lengths count UTF-16 units; the texts are ASCII.
struct Text {
  std::vector<std::uint32_t> position, removed;
  std::vector<std::string> inserted;
  std::string end;
};

/// Each stops the process when the folder lacks the file.
Sets read_sets(const std::string& folder);
Moves read_moves(const std::string& folder);
Large read_large(const std::string& folder);
Text read_text(const std::string& folder);

/// FNV-1a over the file's numbers and letters, as js/data.mjs has it.
std::uint32_t fingerprint(const std::string& name, const std::string& folder);

}  // namespace bench
