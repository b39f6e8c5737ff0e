// Rewriting ids, and the commit that uses it.
#include "store/recommit.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "store/author.hpp"

namespace vuer_rtc {

void IdRewriter::rewrite(ByteSpan bytes, Bytes& out) {
  Operation op;
  MsgReader reader(bytes);
  RTC_ASSERT(decode_operation(reader, op));
  if (op.family == OpFamily::Text) return rewrite_text(op, out);
  if (op.family == OpFamily::Meta) return rewrite_meta(op, out);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void IdRewriter::rewrite_text(const Operation& op, Bytes& out) {
  TextOp parsed;
  Names& clients = history_.messages().clients();
  const NodeId root = history_.graph().root();
  const NodeId node = op.key_is_root ? root : history_.graph().node_id(op.key);
  if (node == kNone || !parse_text_op(op, clients, parsed) || parsed.is_position) {
    out.insert(out.end(), op.raw.begin(), op.raw.end());
    return;
  }
  const SlotId slot = history_.graph().slot_id(node, history_.graph().paths().intern(op.path));
  parsed.anchor = unit(slot, parsed.anchor);
  parsed.removed = ranges(slot, parsed.removed);
  if (parsed.has_insert) {
    const std::uint64_t n = free_number(slot);
    units_.push_back(Units{slot, parsed.first.n, n, parsed.content.size()});
    parsed.first.n = n;
  }
  if (!parsed.ts) parsed.ts = 0;
  write_text_op(TextOpPlace{op.kind, op.has_key ? op.key : std::string_view("."), op.path}, parsed,
                clients, out);
}

std::uint64_t IdRewriter::free_number(SlotId slot) const {
  const Slot& owner = history_.graph().slot(slot);
  std::uint64_t n =
      owner.text == kNone ? 0 : history_.texts().sequence(owner.text).next_number(self_);
  for (const Units& units : units_) {
    if (units.slot == slot) n = std::max(n, units.to + units.length);
  }
  return n;
}

UnitId IdRewriter::unit(SlotId slot, UnitId old) const {
  for (const Units& units : units_) {
    const bool holds = units.slot == slot && old.agent == self_ && old.n >= units.from &&
                       old.n - units.from < units.length;
    if (holds) return UnitId{self_, units.to + (old.n - units.from)};
  }
  return old;
}

/// Cuts each range where the numbers of its units no longer go on.
std::vector<IdRange> IdRewriter::ranges(SlotId slot, const std::vector<IdRange>& old) const {
  std::vector<IdRange> out;
  for (const IdRange& range : old) {
    std::uint64_t at = range.n;
    while (at < range.n + range.length) {
      std::uint64_t end = range.n + range.length;
      for (const Units& units : units_) {
        if (units.slot != slot || range.agent != self_) continue;
        if (units.from > at) end = std::min(end, units.from);
        if (units.from <= at && at - units.from < units.length)
          end = std::min(end, units.from + units.length);
      }
      const UnitId first = unit(slot, UnitId{range.agent, at});
      out.push_back(IdRange{first.agent, first.n, end - at});
      at = end;
    }
  }
  return out;
}

void IdRewriter::rewrite_meta(const Operation& op, Bytes& out) {
  MsgReader reader(op.raw);
  MsgWriter writer(out);
  std::uint32_t members = 0;
  RTC_ASSERT(reader.read_map(members));
  writer.map(members);
  for (std::uint32_t i = 0; i < members; ++i) {
    std::string_view name, target;
    ByteSpan value;
    RTC_ASSERT(reader.read_string(name) && reader.read_raw(value));
    writer.string(name);
    MsgReader field(value);
    const bool names = name == "targetMsgId" && field.read_string(target);
    const auto renamed = std::find_if(messages_.begin(), messages_.end(), [&](const auto& pair) {
      return names && pair.first == target;
    });
    renamed == messages_.end() ? writer.raw(value) : writer.string(renamed->second);
  }
}

// ---- the commit

namespace {

KeptMessage keep(const Messages& messages, MessageIndex index) {
  const MessageRecord& record = messages[index];
  return KeptMessage{std::string(record.id()), record.ts,
                     Bytes(record.ops().begin(), record.ops().end()), record.op_count,
                     record.has_meta};
}

}  // namespace

Result<ByteSpan> Author::recommit(std::string_view id, std::uint64_t next_number) {
  sent_.clear();
  const MessageIndex first = history().find(id);
  if (first == kNoMessage || !is_unacked(first)) return ByteSpan(sent_);
  const auto from = std::find(unacked_.begin(), unacked_.end(), first);
  std::size_t bytes = buffer_.bytes().size(), ops = buffer_.count();
  for (auto index = from; index != unacked_.end(); ++index) {
    bytes += history().messages()[*index].ops_size + 1024;
    ops += history().messages()[*index].op_count;
  }
  if (!history().reserve(bytes * 2, ops) || !history().reserve_replay())
    return make_error(ErrorCode::OutOfMemory);
  const std::vector<MessageIndex> moved(from, unacked_.end());
  std::vector<KeptMessage> again;
  for (const MessageIndex index : moved) again.push_back(keep(history().messages(), index));
  const Bytes pending = buffer_.bytes();
  if (Status status = cancel(); !status) return status.error();
  for (auto index = moved.rbegin(); index != moved.rend(); ++index) {
    forget(*index);
    history().remove(*index);
  }
  if (next_number != 0) history().set_clock(self_, next_number - 1);
  IdRewriter rewriter(history(), self_);
  for (const KeptMessage& kept : again) put_again(kept, rewriter);
  history().texts().forget_typed();
  MsgReader reader{ByteSpan(pending)};
  for (ByteSpan op; reader.read_raw(op);) {
    if (Status status = edit_again(op, rewriter); !status) return status.error();
  }
  return ByteSpan(sent_);
}

void Author::put_again(const KeptMessage& kept, IdRewriter& rewriter) {
  scratch_.clear();
  MsgWriter(scratch_).array(kept.op_count);
  MsgReader reader{ByteSpan(kept.ops)};
  for (ByteSpan op; reader.read_raw(op);) rewriter.rewrite(op, scratch_);
  const MessageView& view = next_view(scratch_, kept.op_count, kept.ts, kept.has_meta);
  rewriter.rename(kept.id, id_);
  std::replace(redo_.begin(), redo_.end(), kept.id, id_);
  remember(history().add(view));
}

Status Author::edit_again(ByteSpan op, IdRewriter& rewriter) {
  Bytes rewritten;
  rewriter.rewrite(op, rewritten);
  MsgReader reader{ByteSpan(rewritten)};
  Operation decoded;
  RTC_ASSERT(decode_operation(reader, decoded));
  return put(decoded, 0);
}

}  // namespace vuer_rtc
