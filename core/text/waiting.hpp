// Inserts that wait for their anchor, found by the unit they wait for.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include "text/sequence.hpp"

namespace vuer_rtc {

/// One insert with its content stored.
struct Entry {
  UnitId first;
  UnitId anchor;
  std::uint64_t seq;
  double ts;
  std::u16string_view content;
  bool undone;
};

class WaitingInserts {
 public:
  bool is_empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  void add(const Entry& entry);
  /// Takes one that hangs on a unit of the range out; false when there is none.
  bool take(const IdRange& anchors, Entry& out);
  /// Of the inserts with units in the range. Looks at all: few wait, and seldom.
  void set_undone(const IdRange& units, bool undone);

  /// Bytes that adding one more may allocate.
  static std::size_t growth();
  using Key = std::tuple<NameId, std::uint64_t, NameId, std::uint64_t>;  // anchor, first unit
  const std::map<Key, Entry>& entries() const { return entries_; }
  void check() const;

 private:
  static Key key_of(const Entry& entry);
  std::map<Key, Entry> entries_;
};

}  // namespace vuer_rtc
