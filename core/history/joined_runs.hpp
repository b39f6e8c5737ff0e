// The runs of a text as the digest has them (law, section 11): maximal, joined over what made units
// invisible.
#pragma once

#include <string>
#include <vector>

#include "text/sequence.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

struct JoinedRun {
  UnitId first;
  UnitId anchor;
  std::uint64_t length;
  std::uint64_t seq;
  double ts;
  bool visible;
  std::u16string content;  // empty when not visible
};

/// `left_out`: units that do not count (pending edits).
std::vector<JoinedRun> joined_runs(const Sequence& sequence, const std::vector<IdRange>& left_out);

/// [first id, length, anchor or nil, seq, ts, content or nil], canonical.
void write_run(const JoinedRun& run, const Names& clients, Bytes& out);

}  // namespace vuer_rtc
