// Merging changes into a store: the causal rule, the plain rule with its repairs, and the rule for
// what other instances send (table endpoint specification, sections 4, 5 and 12).
#pragma once

#include "protocol/table/store.hpp"

namespace vuer_rtc::table {

/// What one message did. Cells that did not live to its end are in none of the lists.
struct Merged {
  std::set<CellKey> won;       ///< stored anew
  std::set<CellKey> reissued;  ///< of them: changed by the server, so everybody gets them
  std::set<CellKey> repair;    ///< the sender gets these back
  std::size_t lost = 0;
};

class Merge {
 public:
  Merge(Store& store, Dialect dialect, std::string_view server_site)
      : store_(store), dialect_(dialect), server_site_(server_site) {}

  /// The changes of one message of a client.
  Merged client(Changes changes);
  /// Of another instance: lengths are assigned already, ties in plain channels are repaired.
  Merged instance(Changes changes);

 private:
  Merged finish();
  void causal(const Change& change);
  void begin_life(const Change& change);
  void first_of_life(const Change& change);
  void plain(const Change& change);
  void tombstone(const Change& change);
  bool late_cell(const Change& change);
  void plain_cell(const Change& change);
  void same_writer(const Change& change, const Cell& stored);
  void tie(const Change& change, const Cell& stored, bool keeps_writer);

  void store(const Change& change, bool keeps_writer);
  void reissue(Change change, std::int64_t col_version, std::string writer,
               std::int64_t writer_version);
  void lose(const Change& change);
  const Cell* stored(const Change& change) const { return store_.find(change.key()); }

  Store& store_;
  Dialect dialect_;
  std::string server_site_;
  Merged merged_;
};

}  // namespace vuer_rtc::table
