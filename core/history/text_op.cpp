// Reading, resolving and writing text ops.
#include "history/text_op.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/utf.hpp"
#include "codec/whole.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

void TextOp::clear() {
  is_position = has_insert = false;
  position = length = 0;
  first = anchor = UnitId{};
  seq = 0;
  ts.reset();
  removed.clear();
  content.clear();
}

bool parse_id(std::string_view text, Names& clients, UnitId& out) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view digits = text.substr(colon + 1);
  if (digits.empty() || digits.size() > 16 || (digits[0] == '0' && digits.size() > 1)) return false;
  std::uint64_t n = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return false;
    n = n * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  if (n > kMaxInteger) return false;
  out = UnitId{clients.intern(text.substr(0, colon)), n};
  return true;
}

void append_id(const Names& clients, UnitId unit, std::string& out) {
  out.append(clients.view(unit.agent));
  out.push_back(':');
  out.append(std::to_string(unit.n));
}

namespace {

bool read_ranges(ByteSpan bytes, Names& clients, std::vector<IdRange>& out) {
  MsgReader reader(bytes);
  std::uint32_t count = 0;
  if (!reader.read_array(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t members = 0;
    std::string_view text;
    UnitId first;
    ByteSpan number;
    std::int64_t length = 0;
    if (!reader.read_array(members) || members != 2) return false;
    if (!reader.read_string(text) || !parse_id(text, clients, first)) return false;
    if (!reader.read_raw(number) || !read_whole(number, 0, length)) return false;
    if (length != 0)
      out.push_back(IdRange{first.agent, first.n, static_cast<std::uint64_t>(length)});
  }
  return true;
}

bool read_text(ByteSpan bytes, std::string_view& out) {
  MsgReader reader(bytes);
  return reader.read_string(out);
}

/// [anchor or nil, content] of the resolved form.
bool read_pair(const Operation& op, Names& clients, TextOp& out) {
  MsgReader reader(op.raw_value);
  std::uint32_t members = 0;
  std::string_view text;
  if (!op.has_value || !reader.read_array(members) || members != 2) return false;
  if (reader.peek() == MsgType::Nil) {
    reader.read_nil();
  } else if (!reader.read_string(text) || !parse_id(text, clients, out.anchor)) {
    return false;
  }
  if (!reader.read_string(text)) return false;
  append_utf16(text, out.content);
  return true;
}

/// The fields of a text op by name, found in one pass; empty when absent or null.
struct Fields {
  ByteSpan id, rm, seq, ts, position, length;

  explicit Fields(const Operation& op) {
    MsgReader reader(op.raw);
    std::uint32_t count = 0;
    if (!reader.read_map(count)) return;
    for (; count > 0; --count) {
      std::string_view name;
      ByteSpan value;
      const bool is_named = reader.peek() == MsgType::String;
      if (is_named ? !reader.read_string(name) : !reader.skip()) return;
      if (!reader.read_raw(value)) return;
      ByteSpan* field = is_named && MsgReader(value).peek() != MsgType::Nil ? find(name) : nullptr;
      if (field != nullptr) *field = value;
    }
  }

 private:
  ByteSpan* find(std::string_view name) {
    if (name == "id") return &id;
    if (name == "rm") return &rm;
    if (name == "seq") return &seq;
    if (name == "ts") return &ts;
    if (name == "position") return &position;
    return name == "length" ? &length : nullptr;
  }
};

bool parse_ids(const Operation& op, const Fields& fields, Names& clients, TextOp& out) {
  const bool deletes = op.kind == OpKind::TextDelete || op.kind == OpKind::TextReplace;
  if (op.kind == OpKind::TextReplace && fields.rm.empty()) return false;
  if (deletes && !fields.rm.empty() && !read_ranges(fields.rm, clients, out.removed)) return false;
  if (op.kind == OpKind::TextDelete) return true;
  if (!read_pair(op, clients, out)) return false;
  if (out.content.empty()) return true;
  std::string_view id;
  std::int64_t seq = 0;
  if (!read_text(fields.id, id) || !parse_id(id, clients, out.first)) return false;
  if (!read_whole(fields.seq, 0, seq)) return false;
  out.seq = static_cast<std::uint64_t>(seq);
  if (!fields.ts.empty()) {
    MsgReader reader(fields.ts);
    double number = 0;
    if (!reader.read_number(number) || !(number - number == 0)) return false;
    out.ts = number + 0.0;
  }
  out.has_insert = true;
  return out.first.n + out.content.size() - 1 <= kMaxInteger;
}

bool parse_position(const Operation& op, const Fields& fields, TextOp& out) {
  out.is_position = true;
  MsgReader reader(op.raw_value);
  std::string_view text;
  if (op.kind == OpKind::TextInit) {
    if (op.has_value && reader.peek() != MsgType::Nil && !reader.read_string(text)) return false;
  } else if (op.kind != OpKind::TextDelete) {
    std::uint32_t members = 0;
    if (!op.has_value) return false;
    if (reader.peek() == MsgType::Array) {
      if (!reader.read_array(members) || members != 2 || !reader.read_nil()) return false;
    }
    if (!reader.read_string(text)) return false;
  }
  append_utf16(text, out.content);
  out.has_insert = !out.content.empty();
  constexpr auto kLow = -static_cast<std::int64_t>(kMaxInteger);
  if (op.kind == OpKind::TextInit) {
    out.is_position = out.has_insert;
    return true;
  }
  if (op.kind != OpKind::TextInsert && !read_whole(fields.length, kLow, out.length)) return false;
  return read_whole(fields.position, kLow, out.position);
}

/// A position inside a surrogate pair moves before it; a range that cuts a pair grows to hold it.
void cut_around_pairs(const Sequence& sequence, std::uint64_t& start, std::uint64_t& end) {
  const std::uint64_t length = sequence.visible_length();
  const auto cuts_pair = [&](std::uint64_t at) {
    return at > 0 && at < length && is_high_surrogate(sequence.unit_at(at - 1)) &&
           is_low_surrogate(sequence.unit_at(at));
  };
  const bool is_empty = start == end;
  if (!is_empty && cuts_pair(end)) ++end;
  if (cuts_pair(start)) --start;
  if (is_empty) end = start;
}

}  // namespace

bool parse_text_op(const Operation& op, Names& clients, TextOp& out) {
  out.clear();
  if (!op.has_path) return false;
  const Fields fields(op);
  const bool has_id = op.kind != OpKind::TextDelete && !fields.id.empty();
  const bool has_rm =
      (op.kind == OpKind::TextDelete || op.kind == OpKind::TextReplace) && !fields.rm.empty();
  return has_id || has_rm ? parse_ids(op, fields, clients, out) : parse_position(op, fields, out);
}

void resolve_position(const Sequence& sequence, NameId client, double ts, UnitId typed,
                      TextOp& op) {
  const auto length = static_cast<std::int64_t>(sequence.visible_length());
  const std::int64_t from = std::clamp<std::int64_t>(op.position, 0, length);
  const std::int64_t span = std::clamp<std::int64_t>(op.length, 0, length - from);
  auto start = static_cast<std::uint64_t>(from);
  auto end = static_cast<std::uint64_t>(from + span);
  cut_around_pairs(sequence, start, end);
  op.is_position = false;
  if (end > start) sequence.append_ids(start, end, op.removed);
  op.first = UnitId{client, sequence.next_number(client)};
  op.seq = std::min(sequence.highest_seq() + 1, kMaxInteger);
  op.ts = ts;
  op.anchor = UnitId{};
  if (!op.has_insert) return;
  if (start > 0) op.anchor = sequence.id_at(start - 1);
  if (typed.is_none() || typed == op.anchor || !sequence.is_placed(typed)) return;
  if (sequence.visible_through(typed) == start) op.anchor = typed;
}

bool join_ranges(IdRange& range, const IdRange& next) {
  const bool follows = next.n == range.n + range.length;
  if (next.agent != range.agent || (!follows && range.n != next.n + next.length)) return false;
  if (!follows) range.n = next.n;
  range.length += next.length;
  return true;
}

void write_range(const IdRange& range, const Names& clients, MsgWriter& writer) {
  std::string text;
  append_id(clients, UnitId{range.agent, range.n}, text);
  writer.array(2);
  writer.string(text);
  writer.number(static_cast<double>(range.length));
}

std::size_t write_text_op(const TextOpPlace& place, const TextOp& op, const Names& clients,
                          Bytes& out) {
  const bool deletes = place.kind == OpKind::TextDelete || place.kind == OpKind::TextReplace;
  const bool inserts =
      place.kind != OpKind::TextDelete && (op.has_insert || place.kind != OpKind::TextInit);
  MsgWriter writer(out);
  std::string text;
  const auto id = [&](UnitId unit) {
    text.clear();
    append_id(clients, unit, text);
    writer.string(text);
  };
  writer.map(2u + (place.key ? 1 : 0) + (deletes ? 1 : 0) + (inserts ? 4 : 0));
  writer.string("ot");
  writer.string(operation_name(place.kind));
  if (place.key) {
    writer.string("key");
    writer.string(*place.key);
  }
  writer.string("path");
  writer.string(place.path);
  if (deletes) writer.string("rm");
  std::size_t open_at = out.size();
  if (deletes) {
    writer.array(static_cast<std::uint32_t>(op.removed.size()));
    for (const IdRange& range : op.removed) write_range(range, clients, writer);
  }
  if (!inserts) return open_at;
  writer.string("id");
  id(op.first);
  writer.string("seq");
  writer.number(static_cast<double>(op.seq));
  writer.string("ts");
  writer.number(*op.ts);
  writer.string("value");
  writer.array(2);
  op.anchor.is_none() ? writer.nil() : id(op.anchor);
  open_at = out.size();
  text.clear();
  append_utf8(op.content, text);
  writer.string(text);
  return open_at;
}

}  // namespace vuer_rtc
