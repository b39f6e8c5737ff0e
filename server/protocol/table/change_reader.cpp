#include "protocol/table/change_reader.hpp"

#include <algorithm>

#include "protocol/json_reader.hpp"
#include "protocol/table/fields.hpp"

namespace vuer_rtc::table {
namespace {

constexpr std::size_t kElements = 9;
constexpr std::size_t kMostKeyBytes = 2048;
constexpr std::size_t kMostValueBytes = 1u << 20;

bool is_table(const std::string& name) {
  return is_name(name) && !name.starts_with("crdt_") && !name.starts_with("crsql_") &&
         !name.starts_with("sqlite_");
}

/// Hex of a packed key (section 3.1), compared in upper case.
bool take_packed_key(std::string& pk) {
  for (char& c : pk) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'))) return false;
  }
  return pk.size() % 2 == 0;
}

bool is_json_array(const std::string& pk) {
  const Result<Bytes> bytes = server::json_to_exact_msgpack(pk);
  if (!bytes) return false;
  MsgReader reader{ByteSpan(*bytes)};
  std::uint32_t count = 0;
  return reader.peek() == MsgType::Array && reader.read_array(count) && count != 0;
}

bool take_key(std::string& pk, Dialect dialect) {
  if (pk.empty() || pk.size() > kMostKeyBytes) return false;
  return dialect == Dialect::Causal ? take_packed_key(pk) : is_json_array(pk);
}

bool read_text(MsgReader& reader, std::string& out) {
  std::string_view text;
  if (reader.peek() != MsgType::String) return reader.skip(), false;
  if (!reader.read_string(text)) return false;
  out = text;
  return true;
}

/// A whole number from `least` on that JavaScript can hold.
bool read_whole(MsgReader& reader, std::int64_t least, std::int64_t& out) {
  if (reader.peek() != MsgType::Number) return reader.skip(), false;
  const Value value = *read_value(reader);
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole == nullptr || *whole < least || *whole > kMostVersion) return false;
  out = *whole;
  return true;
}

/// What cl, col_version and val of a row marker, and of a deletion, must be where cl counts.
const char* wrong_shape(const Change& change) {
  const bool is_null = std::holds_alternative<std::monostate>(change.val);
  const bool fits = change.is_marker() && change.col_version == change.cl && is_null;
  if (change.cl % 2 == 0) return fits ? nullptr : "delete shape";
  if (change.is_marker()) return fits ? nullptr : "sentinel shape";
  const bool may_be_zero = change.cl > 1;  // the extension can produce it
  return change.col_version >= (may_be_zero ? 0 : 1) ? nullptr : "col_version";
}

/// A tombstone carries nothing but its row.
void plain_form(Change& change) {
  change.cl = 1;
  if (!change.is_marker()) return;
  change.val = {};
  change.col_version = 1;
}

}  // namespace

std::optional<BadChange> read_change(MsgReader& reader, const ChangeRules& rules, Change& out) {
  const auto bad = [](const char* what) { return BadChange{Fault::BadChange, what}; };
  std::uint32_t count = 0;
  if (reader.peek() != MsgType::Array || !reader.read_array(count) || count != kElements)
    return bad("needs 9 elements");
  if (!read_text(reader, out.row.table) || !is_table(out.row.table)) return bad("table name");
  if (!rules.tables.empty() && !rules.tables.contains(out.row.table))
    return BadChange{Fault::Forbidden, "table"};
  if (!read_text(reader, out.row.pk) || !take_key(out.row.pk, rules.keys)) return bad("pk");
  if (!read_text(reader, out.cid) || !(out.is_marker() || is_name(out.cid))) return bad("cid");
  std::optional<Value> value = read_value(reader);
  if (!value) return BadChange{Fault::BadValue, "value must be a JSON scalar"};
  out.val = std::move(*value);
  const auto* text = std::get_if<std::string>(&out.val);
  if (text != nullptr && text->size() > kMostValueBytes)
    return BadChange{Fault::BadValue, "value is too long"};
  if (!read_whole(reader, rules.has_lengths ? 0 : 1, out.col_version)) return bad("col_version");
  if (!read_whole(reader, 0, out.db_version)) return bad("db_version");
  if (!read_text(reader, out.site) || !is_site(out.site)) return bad("site_id");
  if (!read_whole(reader, 1, out.cl)) return bad("cl");
  if (!read_whole(reader, 0, out.seq)) return bad("seq");
  if (!rules.has_lengths) return plain_form(out), std::nullopt;
  const char* wrong = wrong_shape(out);
  return wrong == nullptr ? std::nullopt : std::optional(bad(wrong));
}

std::optional<std::int64_t> own_number(ByteSpan change, const std::optional<std::string>& site) {
  MsgReader reader(change);
  std::uint32_t count = 0;
  std::string writer;
  std::int64_t number = 0;
  if (reader.peek() != MsgType::Array || !reader.read_array(count) || count < 7)
    return std::nullopt;
  for (int i = 0; i < 5; ++i) reader.skip();
  if (!read_whole(reader, 0, number)) return std::nullopt;
  const bool is_own = !site || !read_text(reader, writer) || writer == *site;
  return is_own ? std::optional(number) : std::nullopt;
}

}  // namespace vuer_rtc::table
