// Reading ropes: plain, tree and raw form. Columns are passed on as they are.
#include "base/memory.hpp"
#include "history/fields.hpp"
#include "history/rope.hpp"
#include "history/text_op.hpp"

namespace vuer_rtc {

namespace {

constexpr int kTreeDepth = 64;

bool read_id(ByteSpan bytes, Names& clients, UnitId& out) {
  std::string_view text;
  return read_text(bytes, text) && parse_id(text, clients, out);
}

bool read_anchor(ByteSpan bytes, Names& clients, UnitId& out) {
  std::string_view text;
  out = UnitId{};
  if (is_nil(bytes) || (read_text(bytes, text) && text == "null")) return true;
  return read_id(bytes, clients, out);
}

/// Asks for an item with so many units, and a name that is new.
bool has_memory(std::size_t units, Rope& out) {
  constexpr std::size_t kNames = 1024;
  out.no_memory = out.no_memory || !can_allocate(growth_of(out.items, 1) +
                                                 growth_of(out.removed, 1) + kNames + 8 * units);
  return !out.no_memory;
}

bool fits(const Rope::Item& item) {
  return !item.content.empty() && item.first.n + item.content.size() - 1 <= kMaxInteger;
}

/// An item of the tree or raw form; empty ones are left out.
bool keep_item(Rope::Item&& item, bool has_id, bool is_deleted, Rope& out) {
  if (!has_id) return false;
  if (item.content.empty()) return true;
  if (!fits(item)) return false;
  if (is_deleted)
    out.removed.push_back(IdRange{item.first.agent, item.first.n, item.content.size()});
  out.items.push_back(std::move(item));
  return true;
}

/// [first id, length, anchor, seq, ts, content or null], in the raw form [id, content, anchor, seq,
/// ts] and more.
bool read_row(ByteSpan bytes, bool is_raw, Names& clients, Rope& out) {
  Rope::Item item;
  std::uint64_t length = 0;
  int at = 0;
  const auto read_content = [&](ByteSpan value) {
    std::string_view text;
    if (!read_text(value, text)) return false;
    append_utf16(text, item.content);
    return true;
  };
  const bool ok = for_each_element(bytes, [&](ByteSpan value) {
    switch (at++) {
      case 0:
        return has_memory(bytes.size(), out) && read_id(value, clients, item.first);
      case 1:
        return is_raw ? read_content(value) : read_integer(value, length) && length > 0;
      case 2:
        return read_anchor(value, clients, item.anchor);
      case 3:
        return read_integer(value, item.seq);
      case 4:
        return read_double(value, item.ts);
      case 5:
        if (is_raw) return true;
        item.undone = is_nil(value);
        return item.undone || (read_content(value) && item.content.size() == length);
      default:
        return is_raw;
    }
  });
  if (!ok || at < (is_raw ? 5 : 6)) return false;
  // A dropped content costs no bytes on the wire: bound what it may claim.
  if (item.undone && (length > (1u << 26) || !has_memory(length, out))) return false;
  if (item.undone) item.content.assign(length, u'\ufffd');
  return keep_item(std::move(item), true, false, out);
}

bool read_range(ByteSpan bytes, Names& clients, Rope& out) {
  UnitId first;
  std::uint64_t length = 0;
  int at = 0;
  const bool ok = for_each_element(bytes, [&](ByteSpan value) {
    switch (at++) {
      case 0:
        return has_memory(bytes.size(), out) && read_id(value, clients, first);
      case 1:
        return read_integer(value, length);
      default:
        return false;
    }
  });
  if (!ok || at != 2) return false;
  if (length > 0) out.removed.push_back(IdRange{first.agent, first.n, length});
  return true;
}

bool read_item(ByteSpan bytes, Names& clients, Rope& out) {
  Rope::Item item;
  bool has_id = false, is_deleted = false;
  if (!has_memory(bytes.size(), out)) return false;
  const bool ok = for_each_field(bytes, [&](std::string_view name, ByteSpan value) {
    std::string_view text;
    if (name == "id") return has_id = read_id(value, clients, item.first);
    if (name == "isDeleted" || name == "is_deleted") return read_flag(value, is_deleted);
    if (name == "anchor" || name == "parentId" || name == "parent_id") {
      return read_anchor(value, clients, item.anchor);
    }
    if (name == "seq") return read_integer(value, item.seq);
    if (name == "ts") return read_double(value, item.ts);
    if (name != "content") return true;
    if (!read_text(value, text)) return false;
    append_utf16(text, item.content);
    return true;
  });
  return ok && keep_item(std::move(item), has_id, is_deleted, out);
}

bool read_tree(ByteSpan bytes, Names& clients, int depth, Rope& out) {
  if (depth == 0) return false;
  return for_each_field(bytes, [&](std::string_view name, ByteSpan value) {
    if (name == "root") return read_tree(value, clients, depth - 1, out);
    if (name == "items") {
      return for_each_element(value, [&](ByteSpan item) { return read_item(item, clients, out); });
    }
    if (name == "children") {
      return for_each_element(
          value, [&](ByteSpan child) { return read_tree(child, clients, depth - 1, out); });
    }
    return true;
  });
}

/// [agentId, clock, maxSeq, [item, ...]]
bool read_raw_rope(ByteSpan bytes, Names& clients, Rope& out) {
  int at = 0;
  return for_each_element(bytes, [&](ByteSpan value) {
    if (at++ != 3) return true;
    return for_each_element(value,
                            [&](ByteSpan item) { return read_row(item, true, clients, out); });
  });
}

}  // namespace

bool read_rope(ByteSpan bytes, Names& clients, Rope& out) {
  return for_each_field(bytes, [&](std::string_view name, ByteSpan value) {
    if (name == "shown") return out.knows_shown = read_flag(value, out.shown);
    if (name == "begun") return read_flag(value, out.begun);
    if (name == "columns") out.columns = value;
    if (name == "inserts" || name == "waiting") {
      return for_each_element(value,
                              [&](ByteSpan item) { return read_row(item, false, clients, out); });
    }
    if (name == "rm") {
      return for_each_element(value, [&](ByteSpan item) { return read_range(item, clients, out); });
    }
    if (name == "_tree") return read_tree(value, clients, kTreeDepth, out);
    if (name == "raw") return read_raw_rope(value, clients, out);
    return true;
  });
}

}  // namespace vuer_rtc
