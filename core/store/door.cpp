// The door's questions about text.
#include "store/door.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/memory.hpp"

namespace vuer_rtc {

const Sequence* Door::sequence_of(NodeId node, NameId path) {
  if (node == kNone || path == kNoName) return nullptr;
  const SlotId slot = history_.graph().find_slot(node, path);
  if (slot == kNone || history_.graph().slot(slot).text == kNone) return nullptr;
  return &history_.texts().sequence(history_.graph().slot(slot).text);
}

Status Door::admits(const Message& message) {
  constexpr std::size_t kPerOp = 512;
  if (!can_allocate(kPerOp * message.op_count + 4 * message.ops.size()))
    return make_error(ErrorCode::OutOfMemory);
  MsgReader reader(message.ops);
  std::uint32_t count = 0;
  RTC_ASSERT(reader.read_array(count));
  Operation op;
  TextOp parsed;
  Names& clients = history_.messages().clients();
  const NameId author = clients.intern(message.client);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!decode_operation(reader, op))
      return make_error(ErrorCode::BadMessage, "ops: not a map with an ot");
    if (op.family != OpFamily::Text || !parse_text_op(op, clients, parsed)) continue;
    if (parsed.is_position || !parsed.has_insert) continue;
    if (parsed.first.agent != author)
      return make_error(ErrorCode::BadMessage, "ops.id: not the author's");
    const NodeId node = op.key_is_root ? history_.graph().root() : history_.graph().node_id(op.key);
    if (Status status = admits_insert(node, history_.graph().paths().intern(op.path), parsed);
        !status) {
      return status;
    }
  }
  return {};
}

bool Door::is_known(NodeId node, NameId path, UnitId unit) const {
  return std::any_of(own_.begin(), own_.end(), [&](const Own& own) {
    return own.node == node && own.path == path && own.units.agent == unit.agent &&
           unit.n >= own.units.n && unit.n - own.units.n < own.units.length;
  });
}

Status Door::admits_insert(NodeId node, NameId path, const TextOp& op) {
  const Sequence* sequence = sequence_of(node, path);
  std::uint64_t seq = sequence ? sequence->highest_seq() : 0;
  std::uint64_t next = sequence ? sequence->next_number(op.first.agent) : 0;
  for (const Own& own : own_) {
    if (own.node != node || own.path != path) continue;
    seq = std::max(seq, own.seq);
    next = std::max(next, own.units.n + own.units.length);
    const bool overlaps =
        own.units.n < op.first.n + op.content.size() && op.first.n < own.units.n + own.units.length;
    if (overlaps)
      return make_error(ErrorCode::IdReused, "ops.id: units inserted twice in one message");
  }
  if (sequence && sequence->is_claimed(op.units())) {
    return make_error(ErrorCode::IdReused, "ops.id: these units were inserted before");
  }
  const bool anchored = op.anchor.is_none() || (sequence && sequence->is_placed(op.anchor)) ||
                        is_known(node, path, op.anchor);
  if (!anchored) return make_error(ErrorCode::BadMessage, "ops.value: the anchor is unknown");
  if (op.seq > seq + kMaxJump) return make_error(ErrorCode::BadMessage, "ops.seq: too far ahead");
  if (op.first.n > next + kMaxJump)
    return make_error(ErrorCode::BadMessage, "ops.id: number too far ahead");
  own_.push_back(Own{node, path, op.units(), op.seq});
  return {};
}

Result<bool> Door::resolve(Message& message) {
  if (!message.has_position) return false;
  if (!history_.reserve(message.ops.size(), message.op_count))
    return make_error(ErrorCode::OutOfMemory);
  MsgReader reader(message.ops);
  std::uint32_t count = 0;
  RTC_ASSERT(reader.read_array(count));
  Names& clients = history_.messages().clients();
  const NameId author = clients.intern(message.client);
  Bytes ops, resolved;
  MsgWriter(ops).array(count);
  history_.open_pending(author, history_.lt() + 1, message.ts);
  Operation op;
  TextOp parsed;
  for (std::uint32_t i = 0; i < count; ++i) {
    RTC_ASSERT(decode_operation(reader, op));
    const NodeId root = history_.graph().root();
    const bool has_home = op.key_is_root ? root != kNone : op.has_key && !op.key.empty();
    TextOp* given = nullptr;
    if (op.family == OpFamily::Text && has_home && parse_text_op(op, clients, parsed) &&
        parsed.is_position) {
      const NodeId node = op.key_is_root ? root : history_.graph().node_id(op.key);
      const SlotId slot = history_.graph().slot_id(node, history_.graph().paths().intern(op.path));
      const TextId text = history_.texts().text_of(slot);
      resolve_position(history_.texts().sequence(text), author, message.ts, UnitId{}, parsed);
      const auto key = op.has_key ? std::optional<std::string_view>(op.key) : std::nullopt;
      resolved.clear();
      write_text_op(TextOpPlace{op.kind, key, op.path}, parsed, clients, resolved);
      op.raw = resolved;
      given = &parsed;
    }
    history_.add_pending(op, given);
    ops.insert(ops.end(), op.raw.begin(), op.raw.end());
  }
  history_.drop_pending();
  message.ops = std::move(ops);
  message.has_position = false;
  return true;
}

}  // namespace vuer_rtc
