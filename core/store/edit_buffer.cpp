// Combining edits.
#include "store/edit_buffer.hpp"

#include "base/assert.hpp"
#include "base/utf.hpp"
#include "model/names.hpp"
#include "ops/apply.hpp"

namespace vuer_rtc {

namespace {

constexpr std::size_t kLongestRun = 4096;  // bytes of content that are written again for each edit

bool is_structural(const Operation& op) {
  return op.family == OpFamily::Node || op.family == OpFamily::Meta || op.family == OpFamily::Text;
}

/// The op with another value; its other fields stay.
Bytes with_value(const Operation& op, const Value& value) {
  Bytes out;
  MsgReader reader(op.raw);
  MsgWriter writer(out);
  std::uint32_t members = 0;
  RTC_ASSERT(reader.read_map(members));
  writer.map(members);
  for (std::uint32_t i = 0; i < members; ++i) {
    std::string_view name;
    ByteSpan field;
    RTC_ASSERT(reader.read_string(name) && reader.read_raw(field));
    writer.string(name);
    name == "value" ? value.write_wire(out) : writer.raw(field);
  }
  return out;
}

}  // namespace

void EditBuffer::clear() {
  close_text();
  bytes_.clear();
  briefs_.clear();
  has_meta_ = false;
}

Operation EditBuffer::decode(std::size_t index) const {
  Operation op;
  MsgReader reader(ByteSpan(bytes_).subspan(briefs_[index].from));
  RTC_ASSERT(decode_operation(reader, op));
  return op;
}

/// Gives an op other bytes.
void EditBuffer::rewrite(std::size_t index, ByteSpan op) {
  const auto from = bytes_.begin() + briefs_[index].from;
  const auto end =
      index + 1 < briefs_.size() ? bytes_.begin() + briefs_[index + 1].from : bytes_.end();
  const auto longer = static_cast<std::uint32_t>(op.size() - static_cast<std::size_t>(end - from));
  bytes_.insert(bytes_.erase(from, end), op.begin(), op.end());
  while (++index < briefs_.size()) briefs_[index].from += longer;
}

// ---- texts

/// Writes the last op with what goes on from it. All stays as it was when each had an op of its
/// own: no insert came between the two, and the units keep their numbers.
bool EditBuffer::extend(const Operation& op, SlotId slot, TextOp& text, const Names& clients) {
  if (slot != open_.slot || op.key_is_root != briefs_.back().key_is_root) return false;
  const bool types_on = text.has_insert && text.removed.empty() && text.anchor == open_.last &&
                        text.first == UnitId{open_.last.agent, open_.last.n + 1} &&
                        text.seq == open_.seq + 1 && open_.content.size() < kLongestRun;
  const bool deletes_on = op.kind == OpKind::TextDelete && text.removed.size() == 1 &&
                          open_.removed.length > 0 && join_ranges(open_.removed, text.removed[0]);
  if (!types_on && !deletes_on) return false;
  MsgWriter writer(bytes_);
  bytes_.resize(open_.at);
  if (deletes_on) {
    writer.array(1);
    write_range(open_.removed, clients, writer);
    return true;
  }
  text.seq = open_.seq;
  text.ts = open_.ts;
  open_.last.n += text.content.size();
  append_utf8(text.content, open_.content);
  writer.string(open_.content);
  return true;
}

bool EditBuffer::put_text(Operation& op, SlotId slot, TextOp& text, const Names& clients) {
  if (extend(op, slot, text, clients)) return true;
  briefs_.push_back(Brief{0, static_cast<std::uint32_t>(bytes_.size()), true, op.key_is_root});
  const TextOpPlace place{op.kind, op.has_key ? op.key : std::string_view("."), op.path};
  open_.at = write_text_op(place, text, clients, bytes_);
  op.raw = last();
  open_.slot = slot;
  open_.removed = IdRange{};
  if (op.kind == OpKind::TextDelete && text.removed.size() == 1) open_.removed = text.removed[0];
  open_.last = UnitId{};
  if (!text.has_insert) return false;
  open_.last = UnitId{text.first.agent, text.first.n + text.content.size() - 1};
  open_.seq = text.seq;
  open_.ts = *text.ts;
  open_.content.clear();
  append_utf8(text.content, open_.content);
  return false;
}

// ---- the others

EditBuffer::Brief EditBuffer::brief_of(const Operation& op) {
  const std::uint32_t hash = hash_name(op.key) * 31 + hash_name(op.path);
  return Brief{hash, 0, is_structural(op) || op.path == ".", op.key_is_root};
}

/// Looks back as far as the two cannot depend on each other in a way that key and path do not show.
EditBuffer::Change EditBuffer::put(const Operation& op) {
  Change change = Change::Appended;
  Brief brief = brief_of(op);
  for (std::size_t at = count(); at > 0 && op.path != "."; --at) {
    const Brief& seen = briefs_[at - 1];
    if (seen.is_barrier || seen.key_is_root != brief.key_is_root) break;
    if (seen.hash != brief.hash) continue;
    const Operation old = decode(at - 1);
    if (old.key != op.key || old.path != op.path) continue;
    if (op.family == OpFamily::Set) {
      // What the older op wrote is overwritten; look on for earlier ones.
      rewrite(at - 1, {});
      briefs_.erase(briefs_.begin() + static_cast<std::ptrdiff_t>(at) - 1);
      change = Change::Overwritten;
      continue;
    }
    const Value both = old.kind == op.kind ? combine_values(old, op) : Value();
    if (both.is_missing()) break;
    rewrite(at - 1, with_value(op, both));
    return Change::Rewritten;
  }
  close_text();
  brief.from = static_cast<std::uint32_t>(bytes_.size());
  briefs_.push_back(brief);
  bytes_.insert(bytes_.end(), op.raw.begin(), op.raw.end());
  has_meta_ = has_meta_ || op.family == OpFamily::Meta;
  return change;
}

}  // namespace vuer_rtc
