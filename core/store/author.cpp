// Editing and committing.
#include "store/author.hpp"

#include "base/assert.hpp"
#include "base/memory.hpp"
#include "model/normal_scan.hpp"
#include "ops/apply.hpp"

namespace vuer_rtc {

namespace {

Error bad_operation(const Operation& op, std::string_view reason) {
  std::string text(operation_name(op.kind));
  text.append(" key ").append(op.key).append(" path ").append(op.path).append(": ").append(reason);
  return make_error(ErrorCode::BadOperation, text);
}

}  // namespace

Author::Author(std::string_view client, const Limits& limits) : client_(client), document_(limits) {
  self_ = history().messages().clients().intern(client_);
  history().watch();
}

// ---- the edit buffer

Status Author::edit(ByteSpan op, double now) {
  const Limits& limits = replica().limits();
  if (op.size() + buffer_.bytes().size() + kMessageOverhead > limits.message_bytes) {
    return make_error(ErrorCode::TooBig, "edit: the pending edits exceed the size of one message");
  }
  if (buffer_.count() >= limits.ops) return make_error(ErrorCode::TooManyOps);
  if (!history().reserve(op.size() * 2, 1)) return make_error(ErrorCode::OutOfMemory);
  ByteSpan normal = op;
  if (!is_normal_op(op, limits)) {
    if (Status status = normalise(op, normal); !status) return status;
  }
  Operation decoded;
  MsgReader reader(normal);
  RTC_ASSERT(decode_operation(reader, decoded));
  return put(decoded, now);
}

/// An op that must be rewritten, or refused: as the only one of a message, so that the door's words
/// are used.
Status Author::normalise(ByteSpan op, ByteSpan& out) {
  scratch_.clear();
  MsgWriter writer(scratch_);
  writer.map(4);
  writer.string("id");
  writer.string("edit");
  writer.string("client");
  writer.string("edit");
  writer.string("lt");
  writer.number(0);
  writer.string("ops");
  writer.array(1);
  writer.raw(op);
  MsgReader reader{ByteSpan(scratch_)};
  Status status =
      replica().decoder.decode(reader, replica().limits(), Strictness::Door, replica().view);
  if (!status.ok() || !reader.at_end()) {
    const bool is_limit = !status.ok() && status.error().code != ErrorCode::BadMessage;
    return is_limit ? status.error()
                    : make_error(ErrorCode::BadOperation, status.ok() ? "" : status.error().text);
  }
  MsgReader ops(replica().view.ops);
  std::uint32_t count = 0;
  RTC_ASSERT(ops.read_array(count) && ops.read_raw(out));
  return {};
}

Status Author::put(Operation& op, double now) {
  if (Status status = validate(op); !status) return status;
  open_buffer(now);
  const bool is_text = op.family == OpFamily::Text;
  if (is_text && parsed_.is_position && put_position(op, now)) return {};
  if (buffer_.put(op) == EditBuffer::Change::Rewritten) {
    history().replace_pending(buffer_.bytes(), buffer_.count());
  } else {
    history().add_pending(op, is_text ? &parsed_ : nullptr);
    if (history().pending_bytes() > 2 * buffer_.bytes().size() + kCoveredBytes) drop_covered();
  }
  return {};
}

/// Ops that later ones cover left the buffer but not the history, which would enter all anew.
void Author::drop_covered() {
  if (history().pending_bytes() != buffer_.bytes().size())
    history().replace_pending(buffer_.bytes(), buffer_.count());
}

/// What the fold would ignore is refused here, where its author can still be told.
Status Author::validate(const Operation& op) {
  if (op.kind == OpKind::Unknown) return bad_operation(op, "unknown ot");
  if (op.family == OpFamily::Meta) {
    MsgReader reader(operation_field(op, "targetMsgId"));
    std::string_view target;
    if (!reader.read_string(target)) return bad_operation(op, "needs a targetMsgId");
    return {};
  }
  if (op.family == OpFamily::Node) {
    if (!TreeLog::is_valid(op)) return bad_operation(op, "the value does not fit the operation");
    return {};
  }
  if (!op.key_is_root && (!op.has_key || op.key.empty())) return bad_operation(op, "needs a key");
  if (!op.has_path) return bad_operation(op, "needs a path");
  if (is_reserved(op.path)) return bad_operation(op, "the path is reserved");
  if (op.family == OpFamily::Text) {
    if (!parse_text_op(op, history().messages().clients(), parsed_)) {
      return bad_operation(op, "the fields do not fit the operation");
    }
    return {};
  }
  if (!is_valid_property_op(op)) return bad_operation(op, "the value does not fit the operation");
  return {};
}

void Author::open_buffer(double now) {
  if (history().has_pending()) return;
  opened_at_ = now;
  history().open_pending(self_, history().lt() + 1, now);
}

/// A position form becomes ids, read from what this author sees. False when the root it speaks of
/// is not there.
bool Author::put_position(Operation& op, double now) {
  Names& clients = history().messages().clients();
  const NodeId node = op.key_is_root ? history().graph().root() : history().graph().node_id(op.key);
  if (node == kNone) return false;
  const SlotId slot = history().graph().slot_id(node, history().graph().paths().intern(op.path));
  const TextId text = history().texts().text_of(slot);
  UnitId& typed = history().texts().typed(text);
  resolve_position(history().texts().sequence(text), self_, now, typed, parsed_);
  if (parsed_.has_insert) typed = UnitId{self_, parsed_.first.n + parsed_.content.size() - 1};
  if (buffer_.put_text(op, slot, parsed_, clients)) {
    history().extend_pending(slot, buffer_.last(), parsed_);
  } else {
    history().add_pending(op, &parsed_);
  }
  return true;
}

Status Author::cancel() {
  if (!history().reserve_replay()) return make_error(ErrorCode::OutOfMemory);
  if (history().has_pending()) history().drop_pending();
  buffer_.clear();
  return {};
}

// ---- committing

/// A message of this author with these ops: the next number and lt.
const MessageView& Author::next_view(ByteSpan ops, std::uint32_t count, double now, bool has_meta) {
  const std::uint64_t lt = history().lt() + 1;
  id_ = client_;
  id_ += ':';
  id_ += std::to_string(lt);
  own_view_.id = id_;
  own_view_.client = client_;
  own_view_.lt = lt;
  own_view_.ts = now + 0.0;
  own_view_.clock.assign(1, {client_, history().clock_of(self_) + 1});
  own_view_.has_meta = has_meta;
  own_view_.op_count = count;
  own_view_.ops = ops;
  return own_view_;
}

Result<ByteSpan> Author::commit(double now) {
  sent_.clear();
  if (Status status = commit_into(now); !status) return status.error();
  return ByteSpan(sent_);
}

Status Author::commit_into(double now) {
  if (buffer_.is_empty()) return {};
  const std::size_t lists = growth_of(own_, 1) + growth_of(unacked_, 1) + growth_of(undoable_, 1);
  if (!history().reserve(buffer_.bytes().size() * 2 + kMessageOverhead, 1) || !can_allocate(lists))
    return make_error(ErrorCode::OutOfMemory);
  drop_covered();
  scratch_.clear();
  MsgWriter writer(scratch_);
  writer.array(buffer_.count());
  writer.raw(buffer_.bytes());
  remember(history().close_pending(next_view(scratch_, buffer_.count(), now, buffer_.has_meta())));
  buffer_.clear();
  redo_.clear();
  return {};
}

void Author::remember(MessageIndex index) {
  own_.push_back(index);
  unacked_.push_back(index);
  if (!history().messages()[index].has_meta) undoable_.push_back(index);
  history().messages().encode(index, sent_);
}

// ---- the feed

const Bytes& Author::take_changes() {
  changes_.clear();
  if (can_take_changes()) feed_.write(history(), changes_);
  return changes_;
}

bool Author::can_take_changes() { return can_allocate(feed_.bound(history())); }

const Bytes& Author::all_changes() {
  feed_.restart();
  return take_changes();
}

void Author::check() { history().check(); }

}  // namespace vuer_rtc
