// The rows of one channel: winners and markers only, each with what decides the next merge (table
// endpoint specification, sections 4, 5 and 10.1). Remembers what was touched since it was last
// written down.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "protocol/table/change.hpp"

namespace vuer_rtc::table {

/// A stored tuple. In plain channels `writer` is the site whose value it is, also when the server
/// re-issued it, and `writer_version` that site's own number; empty when another instance sent it.
struct Cell {
  Change change;
  std::string writer;
  std::int64_t writer_version = 0;
};

/// `cl`: 0 unknown, odd alive, even deleted. `highest`: the largest col_version of any cell of an
/// earlier life; `late`: of any that came when the row was deleted, whose writer may still have it.
/// `seen`: the largest number of each site on this row (plain dialect).
struct Row {
  std::int64_t cl = 0, highest = 0, late = 0;
  std::map<std::string, Cell> cells;
  std::map<std::string, std::int64_t> seen;
};

struct Touched {
  std::set<CellKey> cells;
  std::set<RowKey> rows;
  std::set<std::pair<RowKey, std::string>> seen;
  bool empty() const { return cells.empty() && rows.empty() && seen.empty(); }
};

class Store {
  struct SentBefore {
    bool operator()(const Change* a, const Change* b) const { return is_sent_before(*a, *b); }
  };

 public:
  Store() = default;
  Store(const Store&) = delete;  // order_ points into rows_
  Store& operator=(const Store&) = delete;

  /// Null: never heard of.
  const Row* find(const RowKey& key) const;
  const Cell* find(const CellKey& key) const;
  Row& row(const RowKey& key);

  /// The cell takes the place of the one with its key; its cl is that of its row.
  void put(Cell cell);
  void drop(const CellKey& key);
  /// All cells of a life, its marker included; what is the highest is remembered.
  void drop_life(const RowKey& key);
  void set_length(const RowKey& key, std::int64_t cl);
  void note_late(const RowKey& key, std::int64_t col_version);
  void see(const RowKey& key, const std::string& site, std::int64_t number);
  void set_writer_version(const CellKey& key, std::int64_t number);
  void renumber(const CellKey& key, std::int64_t version);
  /// A stored row that is being loaded.
  void restore(const RowKey& key, std::int64_t cl, std::int64_t highest, std::int64_t late) {
    Row& row = rows_[key];
    row.cl = cl, row.highest = highest, row.late = late;
  }
  void restore_seen(const RowKey& key, const std::string& site, std::int64_t number) {
    rows_[key].seen[site] = number;
  }

  /// Stored tuples in the order they are sent: from the first above a version on.
  using Order = std::set<const Change*, SentBefore>;
  Order::const_iterator first_after(std::int64_t version) const;
  Order::const_iterator end() const { return order_.end(); }

  /// Empty, or what is wrong with it (section 17, the first two invariants).
  std::string check() const;
  const std::map<RowKey, Row>& rows() const { return rows_; }
  std::size_t content_bytes() const { return content_bytes_; }
  Touched take_touched() { return std::exchange(touched_, {}); }
  bool is_touched() const { return !touched_.empty(); }

 private:
  void forget(const Cell& cell);

  std::map<RowKey, Row> rows_;
  Order order_;
  Touched touched_;
  std::size_t content_bytes_ = 0;
};

}  // namespace vuer_rtc::table
