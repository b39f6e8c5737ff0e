// The structs of a room: sets of clock ranges that only grow (endpoint specification, sections 6
// and 7). Nobody's text is put together here; conflicts are the clients' business.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "protocol/yjs/update.hpp"

namespace vuer_rtc::yjs {

/// The structs of one client by clock, without overlap; gaps are allowed.
struct Line {
  std::vector<Struct> structs;
  std::size_t run = 0;  ///< how many of them follow each other from clock 0 on

  bool has_hole() const { return run < structs.size(); }
  Clock run_end() const { return run == 0 ? 0 : structs[run - 1].end(); }
  /// The first that ends behind `clock`.
  std::vector<Struct>::const_iterator find_behind(Clock clock) const;
  /// Takes in `parts`, ascending, for whose clocks there is nothing yet.
  void merge(const std::vector<Struct>& parts);
};

template <class Value>
using ByClient = std::map<ClientId, Value, std::greater<>>;

struct Delta;

class Store {
 public:
  /// Adds what is new of an update that was read; the rest is known already.
  Delta add(const Update& update);

  StateVector vector() const;
  /// One update that may hold Skips: for storage. From an empty vector: the normal form.
  Bytes encode(const StateVector& from = {}) const;
  /// The same for clients: several updates without any Skip, the first of them with the deletes.
  std::vector<Bytes> wire(const StateVector& from = {}) const;

  bool empty() const { return lines_.empty() && deletes_.empty(); }
  std::size_t struct_count() const { return struct_count_; }
  /// Clients some of whose clocks are missing.
  std::size_t hole_count() const { return hole_count_; }
  const ByClient<Line>& lines() const { return lines_; }
  const ByClient<std::vector<Range>>& deletes() const { return deletes_; }
  /// Empty, or what does not hold (section 6, invariants 1 and 2).
  std::string check() const;

 private:
  void add_structs(const Update::Block<Struct>& block, Delta& delta);
  void add_ranges(const Update::Block<Range>& block, Delta& delta);

  ByClient<Line> lines_;
  std::size_t struct_count_ = 0, hole_count_ = 0;
  ByClient<std::vector<Range>> deletes_;  ///< ascending, not touching
};

/// What an update brought.
struct Delta {
  Store news;
  bool is_all_new = true;  ///< every struct uncut, every range whole
  bool has_hole = false;   ///< something of it lies behind missing clocks
  bool empty() const { return news.empty(); }
};

}  // namespace vuer_rtc::yjs
