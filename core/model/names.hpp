// Interned strings: each distinct string gets a number, counted up from 0, for as long as the table
// lives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/chunked.hpp"
#include "base/index_table.hpp"

namespace vuer_rtc {

using NameId = std::uint32_t;
inline constexpr NameId kNoName = 0xffffffff;

/// Mixes eight bytes at a time.
std::uint32_t hash_name(std::string_view name);

class Names {
 public:
  /// The number of a string; a new one when it was never seen.
  NameId intern(std::string_view name);
  /// The number of a known string, else kNoName.
  NameId find(std::string_view name) const { return find(name, hash_name(name)); }
  std::string_view view(NameId id) const { return names_[id]; }
  std::uint32_t size() const { return names_.size(); }
  /// Bytes the table would allocate to take one more name of this length (growth of the index
  /// included).
  std::size_t growth(std::size_t length) const { return growth(1, length); }
  /// The same for `count` names of `bytes` bytes together.
  std::size_t growth(std::size_t count, std::size_t bytes) const;

 private:
  NameId find(std::string_view name, std::uint32_t hash) const;
  ChunkedVector<std::string, 6> names_;  // they never move: views stay valid
  IndexTable table_;
  NameId recent_ = kNoName;  // the last one interned: clients and paths come in rows
};

/// Order of agents in a text: the name followed by ':' by code units (law, section 7).
int compare_agents(std::string_view a, std::string_view b);

}  // namespace vuer_rtc
