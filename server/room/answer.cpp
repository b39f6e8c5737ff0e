#include "room/answer.hpp"

namespace vuer_rtc::server {
namespace {

/// A map under construction: the caller states how many fields it will write.
class FrameBuilder {
 public:
  FrameBuilder(std::string_view mtype, std::uint32_t fields) : writer_(frame_->bytes) {
    writer_.map(fields + 1);
    text("mtype", mtype);
  }
  MsgWriter& field(std::string_view name) {
    writer_.string(name);
    return writer_;
  }
  void text(std::string_view name, std::string_view value) { field(name).string(value); }
  template <class Number>
  void number(std::string_view name, Number value) {
    field(name).number(static_cast<double>(value));
  }
  SharedFrame done() { return std::move(frame_); }

 private:
  std::shared_ptr<OutFrame> frame_ = std::make_shared<OutFrame>();
  MsgWriter writer_;
};

void write_journal(MsgWriter& out, std::span<const JournalEntry> journal) {
  out.array(static_cast<std::uint32_t>(journal.size()));
  for (const JournalEntry& entry : journal) out.raw(*entry.bytes);
}

}  // namespace

SharedFrame state_frame(const StateAnswer& answer) {
  if (answer.legacy) {
    FrameBuilder frame("init", 2);
    frame.field("state").raw(answer.snapshot);
    write_journal(frame.field("journal"), answer.journal);
    return frame.done();
  }
  const bool resumed = answer.snapshot.empty();
  FrameBuilder frame("state", resumed ? 7 : 8);
  if (!resumed) frame.field("snapshot").raw(answer.snapshot);
  write_journal(frame.field("journal"), answer.journal);
  frame.number("serverSeq", answer.server_seq);
  frame.text("epoch", answer.epoch);
  frame.number("stable", answer.stable);
  frame.field("resumed").boolean(resumed);
  frame.text("reason", answer.reason);
  frame.text("rights", right_name(answer.right));
  return frame.done();
}

SharedFrame message_frame(std::string_view mtype, ByteSpan message) {
  FrameBuilder frame(mtype, 1);
  frame.field("msg").raw(message);
  return frame.done();
}

SharedFrame ack_frame(const AcceptedMessage& accepted, ByteSpan changed) {
  FrameBuilder frame("ack", changed.empty() ? 4 : 5);
  frame.text("msgId", accepted.id);
  frame.number("serverSeq", accepted.server_seq);
  frame.number("lt", accepted.lt);
  frame.number("stable", accepted.stable);
  if (!changed.empty()) frame.field("msg").raw(changed);
  return frame.done();
}

SharedFrame error_frame(const ErrorAnswer& answer) {
  const bool final = error_is_final(answer.code);
  const bool later = !final && answer.code != ErrorCode::Gap && answer.code != ErrorCode::IdReused;
  FrameBuilder frame("error", 4 + (later ? 1 : 0) + (answer.expected ? 1 : 0));
  frame.text("msgId", answer.id);
  frame.text("error", answer.text);
  frame.text("code", error_name(answer.code));
  frame.field("final").boolean(final);
  if (later) frame.number("retryAfter", answer.retry_after);
  if (answer.expected) frame.number("expected", *answer.expected);
  return frame.done();
}

SharedFrame heartbeat_frame(std::uint64_t server_seq, std::int64_t stable, std::int64_t time) {
  FrameBuilder frame("heartbeat", 3);
  frame.number("serverSeq", server_seq);
  frame.number("stable", stable);
  frame.number("time", time);
  return frame.done();
}

SharedFrame status_frame(const StatusAnswer& answer) {
  FrameBuilder frame("sync-status", 2);
  frame.field("requestId").raw(answer.request_id);
  MsgWriter& status = frame.field("status");
  status.map(4);
  status.string("vectorClock");
  status.map(static_cast<std::uint32_t>(answer.clock.size()));
  for (const auto& [client, number] : answer.clock) {
    status.string(client);
    status.number(static_cast<double>(number));
  }
  frame.text("checksum", hex(answer.checksum));
  frame.number("lt", answer.lt);
  frame.number("serverSeq", answer.server_seq);
  return frame.done();
}

SharedFrame sync_done_frame(std::uint64_t server_seq) {
  FrameBuilder frame("sync-done", 1);
  frame.number("serverSeq", server_seq);
  return frame.done();
}

SharedFrame want_frame(std::span<const std::string> ids) {
  FrameBuilder frame("want", 1);
  MsgWriter& list = frame.field("ids");
  list.array(static_cast<std::uint32_t>(ids.size()));
  for (const std::string& id : ids) list.string(id);
  return frame.done();
}

SharedFrame presence_frame(std::string_view client, ByteSpan state) {
  FrameBuilder frame("presence", 2);
  frame.text("client", client);
  MsgWriter& value = frame.field("state");
  if (state.empty()) {
    value.nil();
  } else {
    value.raw(state);
  }
  return frame.done();
}

SharedFrame history_frame(ByteSpan request_id, std::span<const JournalEntry> entries) {
  FrameBuilder frame("history", 2);
  frame.field("requestId").raw(request_id);
  MsgWriter& list = frame.field("entries");
  list.array(static_cast<std::uint32_t>(entries.size()));
  for (const JournalEntry& entry : entries) {
    list.map(5);
    list.string("serverSeq");
    list.number(static_cast<double>(entry.server_seq));
    list.string("msgId");
    list.string(entry.id);
    list.string("client");
    list.string(entry.client);
    list.string("ts");
    list.number(entry.ts);
    list.string("ops");
    list.number(entry.ops);
  }
  return frame.done();
}

SharedFrame reset_frame() { return FrameBuilder("room-reset", 0).done(); }

std::string hex(const Hash& hash) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : hash) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

}  // namespace vuer_rtc::server
