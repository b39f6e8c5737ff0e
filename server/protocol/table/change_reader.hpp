// The nine elements of a change: every rule that stands in section 3 of the table endpoint
// specification.
#pragma once

#include "protocol/table/message.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::table {

struct BadChange {
  Fault fault = Fault::BadChange;
  std::string what;
};

struct ChangeRules {
  Dialect keys = Dialect::Plain;  ///< how they are encoded
  bool has_lengths = false;       ///< cl counts: causal clients, and other instances for both
  std::set<std::string> tables;   ///< empty: any
};

/// Reads one change from its MessagePack.
std::optional<BadChange> read_change(MsgReader& reader, const ChangeRules& rules, Change& out);

/// The number its writer gave a change, when that can be read and `site` wrote it; for messages
/// that were refused.
std::optional<std::int64_t> own_number(ByteSpan change, const std::optional<std::string>& site);

}  // namespace vuer_rtc::table
