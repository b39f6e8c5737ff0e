// What a channel's database holds, as lines of its tables (table endpoint specification, section
// 10.1): all of them when it is loaded, the changed ones when it is written to.
#pragma once

#include "protocol/table/store.hpp"

namespace vuer_rtc::table {

struct RowLine {
  RowKey key;
  std::int64_t cl = 0, highest = 0, late = 0;
};
struct SeenLine {
  RowKey key;
  std::string site;
  std::int64_t number = 0;
};
enum class Event : std::uint8_t { Received, Delivered };
struct PeerLine {
  std::string site;
  Event event = Event::Received;
  std::int64_t version = 0;
};

struct Lines {
  std::int64_t version = 0;
  Dialect dialect = Dialect::Unset;
  std::int64_t published = 0;                 ///< the last number other instances were told
  std::map<std::string, std::int64_t> nodes;  ///< how far each other instance was heard
  std::vector<Cell> cells;
  std::vector<RowLine> rows;
  std::vector<SeenLine> seen;
  std::vector<PeerLine> peers;
};

/// Site ids of the server in one channel: 32 hex digits, and 16 characters of the same bytes.
struct SitePair {
  std::string causal, plain;
};

struct Stored {
  SitePair site;
  Lines lines;
};

/// One transaction: these lines are new or take the place of those with their keys.
struct Write {
  Lines lines;
  std::vector<CellKey> dropped;
  std::vector<std::string> dropped_peers;
};

}  // namespace vuer_rtc::table
