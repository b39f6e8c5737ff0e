// Undo and redo: meta messages about own messages, the newest first.
#include <algorithm>

#include "base/memory.hpp"
#include "store/author.hpp"

namespace vuer_rtc {

Status Author::put_meta(std::string_view ot, std::string_view target, double now) {
  scratch_.clear();
  MsgWriter writer(scratch_);
  writer.array(1);
  writer.map(4);
  writer.string("ot");
  writer.string(ot);
  writer.string("key");
  writer.string("_meta");
  writer.string("path");
  writer.string("_meta");
  writer.string("targetMsgId");
  writer.string(target);
  remember(history().add(next_view(scratch_, 1, now, true)));
  return {};
}

/// Finds them anew when a message came back to life other than by redo().
void Author::list_undoable() const {
  if (revived_ == history().revived()) return;
  undoable_.clear();
  if (!can_allocate(growth_of(undoable_, own_.size()))) return;  // nothing to undo for now
  revived_ = history().revived();
  for (const MessageIndex index : own_) {
    const MessageRecord& record = history().messages()[index];
    if (!record.undone && !record.has_meta) undoable_.push_back(index);
  }
}

/// Room for a meta op and for what it takes back or brings again, behind a commit of what is
/// pending.
bool Author::reserve_meta(MessageIndex target) {
  const MessageRecord* record = target == kNoMessage ? nullptr : &history().messages()[target];
  const std::size_t bytes = record ? record->ops_size : buffer_.bytes().size();
  const std::size_t ops = record ? record->op_count : buffer_.count();
  const std::size_t list =
      undoable_.capacity() > own_.size() ? 0 : 2 * sizeof(MessageIndex) * (own_.size() + 1);
  return history().reserve(2 * (buffer_.bytes().size() + kMessageOverhead) + bytes, 2 + ops) &&
         can_allocate(list);
}

/// The own message of the greatest number that is not undone and holds no meta op.
MessageIndex Author::newest_undoable() const {
  list_undoable();
  while (!undoable_.empty() && history().messages()[undoable_.back()].undone) undoable_.pop_back();
  return undoable_.empty() ? kNoMessage : undoable_.back();
}

Result<ByteSpan> Author::undo(double now) {
  sent_.clear();
  if (!reserve_meta(buffer_.is_empty() ? newest_undoable() : kNoMessage))
    return make_error(ErrorCode::OutOfMemory);
  if (Status status = commit_into(now); !status) return status.error();
  const MessageIndex target = newest_undoable();
  if (target == kNoMessage) return ByteSpan(sent_);
  const std::string id(history().messages()[target].id());
  if (Status status = put_meta("meta.undo", id, now); !status) return status.error();
  newest_undoable();  // takes it off the list
  redo_.push_back(id);
  return ByteSpan(sent_);
}

Result<ByteSpan> Author::redo(double now) {
  sent_.clear();
  const auto next = std::find_if(redo_.rbegin(), redo_.rend(), [this](const std::string& id) {
    return history().find(id) != kNoMessage;  // else folded meanwhile
  });
  const MessageIndex target = next == redo_.rend() ? kNoMessage : history().find(*next);
  if (!reserve_meta(target)) return make_error(ErrorCode::OutOfMemory);
  if (Status status = commit_into(now); !status) return status.error();
  while (!redo_.empty()) {
    const std::string id = redo_.back();
    redo_.pop_back();
    if (history().find(id) == kNoMessage) continue;
    list_undoable();
    if (Status status = put_meta("meta.redo", id, now); !status) return status.error();
    // Undone by undo() it was the newest, so it is again, unless somebody brought a newer one back.
    if (undoable_.empty() || number_of(undoable_.back()) < number_of(target)) {
      undoable_.push_back(target);
      revived_ = history().revived();
    }
    break;
  }
  return ByteSpan(sent_);
}

bool Author::can_undo() const { return !buffer_.is_empty() || newest_undoable() != kNoMessage; }

bool Author::can_redo() const {
  return std::any_of(redo_.begin(), redo_.end(),
                     [this](const std::string& id) { return history().find(id) != kNoMessage; });
}

}  // namespace vuer_rtc
