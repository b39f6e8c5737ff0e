#include "protocol/table/store.hpp"

#include <algorithm>

namespace vuer_rtc::table {
namespace {

constexpr std::size_t kCellCost = 400;  // of the containers, in memory and about that on the disk

std::size_t cost_of(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell.change.val);
  return kCellCost + cell.change.row.table.size() + 2 * cell.change.row.pk.size() +
         cell.change.cid.size() + (text == nullptr ? 0 : text->size());
}

}  // namespace

const Row* Store::find(const RowKey& key) const {
  const auto at = rows_.find(key);
  return at == rows_.end() ? nullptr : &at->second;
}

const Cell* Store::find(const CellKey& key) const {
  const Row* row = find(key.row);
  if (row == nullptr) return nullptr;
  const auto at = row->cells.find(key.cid);
  return at == row->cells.end() ? nullptr : &at->second;
}

Row& Store::row(const RowKey& key) {
  const auto [at, is_new] = rows_.try_emplace(key);
  if (is_new) touched_.rows.insert(key);
  return at->second;
}

void Store::forget(const Cell& cell) {
  order_.erase(&cell.change);
  content_bytes_ -= cost_of(cell);
  touched_.cells.insert(cell.change.key());
}

void Store::put(Cell cell) {
  const CellKey key = cell.change.key();
  Row& row = this->row(key.row);
  const auto [at, is_new] = row.cells.try_emplace(key.cid);
  if (!is_new) forget(at->second);
  at->second = std::move(cell);
  at->second.change.cl = row.cl;
  order_.insert(&at->second.change);
  content_bytes_ += cost_of(at->second);
  touched_.cells.insert(key);
}

void Store::drop(const CellKey& key) {
  Row& row = this->row(key.row);
  const auto at = row.cells.find(key.cid);
  if (at == row.cells.end()) return;
  forget(at->second);
  row.cells.erase(at);
}

void Store::drop_life(const RowKey& key) {
  Row& row = this->row(key);
  for (const auto& [cid, cell] : row.cells) {
    if (!cell.change.is_marker()) row.highest = std::max(row.highest, cell.change.col_version);
    forget(cell);
  }
  row.cells.clear();
  touched_.rows.insert(key);
}

void Store::set_length(const RowKey& key, std::int64_t cl) {
  row(key).cl = cl;
  touched_.rows.insert(key);
}

void Store::note_late(const RowKey& key, std::int64_t col_version) {
  Row& row = this->row(key);
  if (col_version <= row.late) return;
  row.late = col_version;
  touched_.rows.insert(key);
}

void Store::see(const RowKey& key, const std::string& site, std::int64_t number) {
  std::int64_t& seen = row(key).seen.try_emplace(site, -1).first->second;
  if (number <= seen) return;
  seen = number;
  touched_.seen.insert({key, site});
}

void Store::set_writer_version(const CellKey& key, std::int64_t number) {
  row(key.row).cells.at(key.cid).writer_version = number;
  touched_.cells.insert(key);
}

void Store::renumber(const CellKey& key, std::int64_t version) {
  Change& change = row(key.row).cells.at(key.cid).change;
  order_.erase(&change);
  change.db_version = version;
  order_.insert(&change);
  touched_.cells.insert(key);
}

std::string Store::check() const {
  std::size_t cells = 0;
  for (const auto& [key, row] : rows_) {
    cells += row.cells.size();
    const bool is_deleted = row.cl % 2 == 0;
    const bool has_marker = row.cells.contains(std::string(kMarker));
    if (is_deleted && row.cl != 0 && (row.cells.size() != 1 || !has_marker))
      return "a deleted row has exactly its marker";
    for (const auto& [cid, cell] : row.cells)
      if (cell.change.cl != row.cl || cell.change.cid != cid || !(cell.change.row == key))
        return "a cell belongs to the present life of its row";
  }
  return cells == order_.size() ? "" : "every cell has one place in the order";
}

Store::Order::const_iterator Store::first_after(std::int64_t version) const {
  Change first;
  first.db_version = version + 1;
  first.seq = -1;
  return order_.lower_bound(&first);
}

}  // namespace vuer_rtc::table
