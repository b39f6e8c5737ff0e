// A text written in columns and read again, and what must be equal then.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "text/columns.hpp"

namespace vuer_rtc::testing {

inline Bytes columns_of(const Sequence& sequence, const Names& names, bool is_shown = false) {
  Bytes bytes;
  std::size_t dropped = 0;
  write_columns(sequence, names, is_shown, dropped, bytes);
  return bytes;
}

/// Null when the columns are refused.
inline std::unique_ptr<Sequence> read_columns(ByteSpan bytes, Names& names,
                                              const std::string_view* shown = nullptr) {
  auto sequence = std::make_unique<Sequence>(names);
  std::size_t dropped = 0;
  if (!ColumnsReader(names, *sequence, dropped).read(bytes, shown)) return nullptr;
  sequence->check();
  return sequence;
}

/// Every unit in document order with all that the digest tells of it.
inline std::vector<std::string> units_of(const Sequence& sequence, const Names& names) {
  std::vector<std::string> units;
  sequence.for_each_run([&](const Run& run) {
    UnitId parent = run.anchor;
    for (std::uint64_t i = 0; i < run.length; ++i) {
      const std::string agent(names.view(run.first.agent));
      std::string unit = agent + ":" + std::to_string(run.first.n + i) + " <- ";
      if (!parent.is_none())
        unit += std::string(names.view(parent.agent)) + ":" + std::to_string(parent.n);
      unit += " seq " + std::to_string(run.seq) + " ts " + std::to_string(run.ts);
      if (run.visible) unit += " shows " + std::to_string(run.content[i]);
      units.push_back(unit);
      parent = {run.first.agent, run.first.n + i};
    }
  });
  return units;
}

}  // namespace vuer_rtc::testing
