#include "protocol/table/merge.hpp"

#include <algorithm>

namespace vuer_rtc::table {
namespace {

/// One message is applied in the order its writer made the changes.
void sort(Changes& changes) {
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::tie(a.db_version, a.seq) < std::tie(b.db_version, b.seq);
  });
}

bool is_deleted(std::int64_t cl) { return cl != 0 && cl % 2 == 0; }

}  // namespace

Merged Merge::client(Changes changes) {
  sort(changes);
  for (const Change& change : changes) dialect_ == Dialect::Causal ? causal(change) : plain(change);
  return finish();
}

Merged Merge::instance(Changes changes) {
  sort(changes);
  for (const Change& change : changes) causal(change);
  return finish();
}

Merged Merge::finish() {
  for (std::set<CellKey>* keys : {&merged_.won, &merged_.reissued, &merged_.repair})
    std::erase_if(*keys, [&](const CellKey& key) { return store_.find(key) == nullptr; });
  return std::move(merged_);
}

// --- Section 4

void Merge::causal(const Change& change) {
  const std::int64_t length = store_.row(change.row).cl;
  if (change.cl < length) return lose(change);
  if (change.cl % 2 == 0 || change.is_marker()) {
    if (change.cl > length) begin_life(change);
    return;
  }
  if (change.cl > length) {
    if (length == 0 && change.cl == 1) {
      store_.set_length(change.row, 1);
    } else {
      begin_life(change);
    }
    return first_of_life(change);
  }
  const Cell* cell = stored(change);
  if (cell == nullptr) return first_of_life(change);
  if (change.col_version > cell->change.col_version) return store(change, false);
  if (change.col_version < cell->change.col_version) return lose(change);
  if (dialect_ == Dialect::Plain) return tie(change, *cell, false);
  if (change.val > cell->change.val) return store(change, false);
  if (change.val < cell->change.val) lose(change);
}

/// A new length drops all cells of earlier lives; the marker says where it came from.
void Merge::begin_life(const Change& change) {
  store_.drop_life(change.row);
  store_.set_length(change.row, change.cl);
  Change marker = change;
  marker.cid = kMarker;
  marker.val = {};
  marker.col_version = change.cl;
  store(marker, false);
}

/// Plain clients of this instance may still hold an earlier life with greater numbers, which the
/// other instance never saw: then the number is raised.
void Merge::first_of_life(const Change& change) {
  const Row& row = store_.row(change.row);
  const std::int64_t highest = std::max(row.highest, row.late);
  const bool is_too_low = dialect_ == Dialect::Plain && change.col_version <= highest;
  is_too_low ? reissue(change, highest + 1, {}, 0) : store(change, false);
}

// --- Section 5

void Merge::plain(const Change& change) {
  if (change.is_marker()) return tombstone(change);
  if (is_deleted(store_.row(change.row).cl) && late_cell(change)) return;
  plain_cell(change);
}

void Merge::tombstone(const Change& change) {
  const Row& row = store_.row(change.row);
  const auto seen = row.seen.find(change.site);
  const bool is_news = seen == row.seen.end() || change.db_version > seen->second;
  const bool is_honoured = row.cl == 0 || (row.cl % 2 == 1 && is_news);
  store_.see(change.row, change.site, change.db_version);
  if (!is_honoured) return;
  store_.set_length(change.row, row.cl == 0 ? 2 : row.cl + 1);
  store_.drop_life(change.row);
  reissue(change, row.cl, {}, 0);
}

/// A cell on a deleted row begins a new life or comes too late; true: too late.
bool Merge::late_cell(const Change& change) {
  const Row& row = store_.row(change.row);
  const CellKey marker{change.row, std::string(kMarker)};
  const auto seen = row.seen.find(change.site);
  const bool is_news = seen == row.seen.end() || change.db_version > seen->second;
  if (change.col_version == 1 && is_news) {
    store_.set_length(change.row, row.cl + 1);
    store_.drop(marker);
    return false;
  }
  store_.see(change.row, change.site, change.db_version);
  store_.note_late(change.row, change.col_version);
  ++merged_.lost;
  merged_.repair.insert(marker);
  return true;
}

void Merge::plain_cell(const Change& change) {
  const Row& row = store_.row(change.row);
  if (row.cl == 0) store_.set_length(change.row, 1);
  store_.see(change.row, change.site, change.db_version);
  const Cell* cell = stored(change);
  if (cell == nullptr) {
    if (row.cl == 1) return store(change, true);
    const std::int64_t raised = std::max({change.col_version, row.highest, row.late}) + 1;
    return reissue(change, raised, change.site, change.db_version);
  }
  if (cell->writer == change.site) return same_writer(change, *cell);
  if (change.col_version < cell->change.col_version) return lose(change);
  if (change.col_version == cell->change.col_version) return tie(change, *cell, true);
  store(change, true);
  // It may have dropped its own when it received a tombstone.
  if (row.cl > 1) merged_.repair.insert(change.key());
}

/// A site never loses to its own older write.
void Merge::same_writer(const Change& change, const Cell& cell) {
  if (change.db_version <= cell.writer_version) {
    if (store_.row(change.row).cl > 1) merged_.repair.insert(change.key());
    return;
  }
  if (change.col_version > cell.change.col_version) {
    store(change, true);
    if (store_.row(change.row).cl > 1) merged_.repair.insert(change.key());
  } else if (change.val == cell.change.val) {
    store_.set_writer_version(change.key(), change.db_version);
  } else {
    reissue(change, cell.change.col_version + 1, change.site, change.db_version);
  }
}

/// Equal numbers, and clients take only greater ones: the server decides and raises the number.
void Merge::tie(const Change& change, const Cell& cell, bool keeps_writer) {
  if (change.val == cell.change.val) return;
  const std::int64_t raised = cell.change.col_version + 1;
  if (change.val < cell.change.val)
    return reissue(Change(cell.change), raised, cell.writer, cell.writer_version);
  reissue(change, raised, keeps_writer ? change.site : std::string(),
          keeps_writer ? change.db_version : 0);
}

// ---

void Merge::store(const Change& change, bool keeps_writer) {
  Cell cell{change, {}, 0};
  if (keeps_writer) cell.writer = change.site, cell.writer_version = change.db_version;
  store_.put(std::move(cell));
  merged_.won.insert(change.key());
}

void Merge::reissue(Change change, std::int64_t col_version, std::string writer,
                    std::int64_t writer_version) {
  const CellKey key = change.key();
  change.site = server_site_;
  change.col_version = col_version;
  store_.put({std::move(change), std::move(writer), writer_version});
  merged_.won.insert(key);
  merged_.reissued.insert(key);
}

/// What beats it goes back: the stored cell, or the marker of the later life.
void Merge::lose(const Change& change) {
  ++merged_.lost;
  merged_.repair.insert(change.key());
  if (change.cl < store_.row(change.row).cl)
    merged_.repair.insert({change.row, std::string(kMarker)});
}

}  // namespace vuer_rtc::table
