#include "table/people.hpp"

#include <cstdlib>

namespace vuer_rtc::table {
namespace {

const std::vector<std::string> kColumns = {"title", "done"};

unsigned below(Random& random, unsigned limit) { return static_cast<unsigned>(random() % limit); }

Value some_value(Random& random) {
  switch (below(random, 5)) {
    case 0:
      return {};
    case 1:
      return std::string(1, static_cast<char>('a' + below(random, 3)));
    case 2:
      return 0.5 * below(random, 4);
    default:
      return std::int64_t{below(random, 4)};
  }
}

std::string json_of(const Value& value) {
  std::string out;
  append_value(value, out);
  return out;
}

}  // namespace

unsigned first_seed() {
  const char* seed = std::getenv("SEED");
  return seed == nullptr ? 1 : static_cast<unsigned>(std::atoi(seed));
}

View view_of(const Store& store) {
  View view;
  for (const auto& [key, row] : store.rows()) {
    if (row.cl % 2 == 0) continue;
    auto& one = view[key.table + key.pk];
    for (const auto& [cid, cell] : row.cells)
      if (!cell.change.is_marker()) one[cid] = json_of(cell.change.val);
  }
  return view;
}

// --- Plain

void PlainDatabase::edit(Random& random) {
  const RowKey key{"todos", "[\"" + std::to_string(below(random, 4)) + "\"]"};
  const auto at = rows_.find(key);
  ++version_;
  if (at == rows_.end()) {
    born_[key] = version_;
    for (const std::string& column : kColumns)
      rows_[key][column] = {some_value(random), 1, version_};
  } else if (below(random, 4) == 0) {
    rows_.erase(at);
    born_.erase(key);
    tombstones_[key] = version_;
  } else {
    const auto cell = std::next(at->second.begin(), below(random, at->second.size()));
    cell->second = {some_value(random), cell->second.col_version + 1, version_};
  }
}

void PlainDatabase::take(const Changes& changes) {
  for (const Change& change : changes) {
    if (change.is_marker()) {
      rows_.erase(change.row);
      born_.erase(change.row);
      continue;
    }
    Own& own = rows_[change.row][change.cid];
    if (change.col_version > own.col_version) own = {change.val, change.col_version, 0};
  }
}

Changes PlainDatabase::pending(std::int64_t after) const {
  Changes changes;
  for (const auto& [key, number] : tombstones_)
    if (number > after) changes.push_back({key, std::string(kMarker), {}, 1, number, site_, 1, 0});
  for (const auto& [key, row] : rows_) {
    const auto born = born_.find(key);
    for (const auto& [cid, own] : row) {
      const std::int64_t number = std::max(own.number, born == born_.end() ? 0 : born->second);
      if (number > after)
        changes.push_back({key, cid, own.val, own.col_version, number, site_, 1, 0});
    }
  }
  return changes;
}

View PlainDatabase::view() const {
  View view;
  for (const auto& [key, row] : rows_)
    for (const auto& [cid, own] : row) view[key.table + key.pk][cid] = json_of(own.val);
  return view;
}

// --- Causal

void CausalDatabase::write(const RowKey& row, const std::string& cid, Value val,
                           std::int64_t col_version, std::int64_t cl, std::int64_t seq) {
  Merge(store_, Dialect::Causal, site_)
      .client({{row, cid, std::move(val), col_version, version_, site_, cl, seq}});
}

void CausalDatabase::edit(Random& random) {
  const RowKey key{"todos", "01090" + std::to_string(1 + below(random, 4))};
  const Row* row = store_.find(key);
  const std::int64_t cl = row == nullptr ? 0 : row->cl;
  const std::string marker(kMarker);
  ++version_;
  if (cl % 2 == 0) {
    if (cl != 0) write(key, marker, {}, cl + 1, cl + 1, 0);
    std::int64_t seq = 1;
    for (const std::string& column : kColumns)
      write(key, column, some_value(random), 1, cl + 1, seq++);
  } else if (below(random, 4) == 0) {
    write(key, marker, {}, cl + 1, cl + 1, 0);
  } else {
    const std::string& column = kColumns[below(random, 2)];
    const Cell* cell = store_.find(CellKey{key, column});
    write(key, column, some_value(random), cell == nullptr ? 1 : cell->change.col_version + 1, cl,
          0);
  }
}

void CausalDatabase::take(const Changes& changes) {
  Merge(store_, Dialect::Causal, site_).client(changes);
}

Changes CausalDatabase::pending(std::int64_t after) const {
  Changes changes;
  for (const auto& [key, row] : store_.rows())
    for (const auto& [cid, cell] : row.cells)
      if (cell.change.site == site_ && cell.change.db_version > after)
        changes.push_back(cell.change);
  return changes;
}

}  // namespace vuer_rtc::table
