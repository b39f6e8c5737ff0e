// One change of one cell as it travels and as it is kept (table endpoint specification, section 3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace vuer_rtc::table {

/// The kinds in the order of section 4: null, text, float, integer. So `<` is the order of values:
/// the kind first, then text by its bytes and numbers by size.
using Value = std::variant<std::monostate, std::string, double, std::int64_t>;

inline constexpr std::string_view kMarker = "-1";  ///< in place of a column: the row itself

struct RowKey {
  std::string table, pk;
  friend bool operator<(const RowKey& a, const RowKey& b) {
    return std::tie(a.table, a.pk) < std::tie(b.table, b.pk);
  }
  friend bool operator==(const RowKey&, const RowKey&) = default;
};

struct CellKey {
  RowKey row;
  std::string cid;
  friend bool operator<(const CellKey& a, const CellKey& b) {
    return std::tie(a.row, a.cid) < std::tie(b.row, b.cid);
  }
};

struct Change {
  RowKey row;
  std::string cid;
  Value val;
  std::int64_t col_version = 0, db_version = 0;
  std::string site;
  std::int64_t cl = 1, seq = 0;

  bool is_marker() const { return cid == kMarker; }
  CellKey key() const { return {row, cid}; }
};
using Changes = std::vector<Change>;

/// The order in which tuples are sent (section 8).
inline bool is_sent_before(const Change& a, const Change& b) {
  return std::tie(a.db_version, a.seq, a.row, a.cid) < std::tie(b.db_version, b.seq, b.row, b.cid);
}

enum class Dialect : std::uint8_t { Unset, Causal, Plain };

/// 32 hex digits are a site of the causal dialect (cr-sqlite).
Dialect dialect_of(std::string_view site);
bool is_site(std::string_view text);
/// `[A-Za-z_][A-Za-z0-9_]*`, at most 128 bytes.
bool is_name(std::string_view text);

}  // namespace vuer_rtc::table
