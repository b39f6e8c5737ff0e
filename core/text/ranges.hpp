// Ranges of numbers of one agent: a set of them (claimed ids), and how often each number is covered
// (ids that are deleted before they arrive). Both are maps of boundaries, so a range of 2^53
// numbers costs as much as one of 1.
#pragma once

#include <cstdint>
#include <map>

#include "base/function_ref.hpp"

namespace vuer_rtc {

class RangeSet {
 public:
  bool touches(std::uint64_t from, std::uint64_t to) const;
  /// The range must not touch the set.
  void add(std::uint64_t from, std::uint64_t to);
  /// One past the highest number; 0 when empty.
  std::uint64_t end() const { return ends_.empty() ? 0 : ends_.rbegin()->second; }
  /// Bytes that add() may allocate.
  static std::size_t growth();
  void check() const;

 private:
  std::map<std::uint64_t, std::uint64_t> ends_;  // first -> end, apart from each other
};

class RangeCounts {
 public:
  using Visit = FunctionRef<void(std::uint64_t from, std::uint64_t to, std::uint32_t count)>;

  bool is_empty() const { return counts_.empty(); }
  void add(std::uint64_t from, std::uint64_t to);
  /// Every number of the range must be counted at least once.
  void subtract(std::uint64_t from, std::uint64_t to);
  /// Sets the range to 0.
  void clear(std::uint64_t from, std::uint64_t to);
  /// Parts of the range with a count above 0, ascending.
  void visit(std::uint64_t from, std::uint64_t to, const Visit& visit) const;
  /// How many places the count changes at.
  std::size_t size() const { return counts_.size(); }
  /// Bytes that clearing ranges of so many boundaries may allocate.
  static std::size_t growth(std::size_t boundaries);
  void check() const;

 private:
  using Map = std::map<std::uint64_t, std::uint32_t>;
  Map::iterator cut(std::uint64_t at);
  void join(std::uint64_t at);

  Map counts_;  // from here on this count, up to the next; 0 before the first; neighbours differ
};

}  // namespace vuer_rtc
