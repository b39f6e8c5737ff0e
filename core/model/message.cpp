// Messages as owned values: the public form around the decoder of message_view.hpp.
#include "vuer_rtc/message.hpp"

#include "base/assert.hpp"
#include "base/sha256.hpp"
#include "model/message_view.hpp"
#include "model/value.hpp"

namespace vuer_rtc {

namespace {

template <class Entries>
std::optional<std::uint64_t> entry_of(const Entries& clock, std::string_view client) {
  for (const auto& [name, number] : clock) {
    if (name == client) return number;
  }
  return std::nullopt;
}

/// An op in canonical form, or its own bytes when it holds what that form cannot.
void append_hashed_op(MsgReader& reader, Bytes& out) {
  ByteSpan op;
  RTC_ASSERT(reader.read_raw(op, 2048));
  MsgReader op_reader(op);
  if (!append_canonical(op_reader, out, kMaxDepth + 1)) MsgWriter(out).raw(op);
}

}  // namespace

std::optional<std::uint64_t> Message::own_number() const { return entry_of(clock, client); }

std::optional<std::uint64_t> own_number(const MessageView& view) {
  return entry_of(view.clock, view.client);
}

Result<Message> decode_message(ByteSpan bytes, const Limits& limits, Strictness strictness) {
  MessageDecoder decoder;
  MsgReader reader(bytes);
  MessageView view;
  if (Status status = decoder.decode(reader, limits, strictness, view); !status.ok())
    return status.error();
  if (!reader.at_end()) return make_error(ErrorCode::BadMessage, "message: bytes behind it");
  return message_of(view);
}

void encode_message(const MessageView& view, Bytes& out) {
  const bool accepted = view.server_seq != 0;
  const bool stamped = view.stable != kNoLine || view.server_seq != 0;
  MsgWriter writer(out);
  writer.map(6u + (accepted ? 1 : 0) + (stamped ? 1 : 0));
  writer.string("id");
  writer.string(view.id);
  writer.string("client");
  writer.string(view.client);
  writer.string("clock");
  writer.map(static_cast<std::uint32_t>(view.clock.size()));
  for (const auto& [client, number] : view.clock) {
    writer.string(client);
    writer.number(static_cast<double>(number));
  }
  writer.string("lt");
  writer.number(static_cast<double>(view.lt));
  writer.string("ts");
  writer.number(view.ts);
  writer.string("ops");
  writer.raw(view.ops);
  if (accepted) {
    writer.string("serverSeq");
    writer.number(static_cast<double>(view.server_seq));
  }
  if (stamped) {
    writer.string("stable");
    writer.number(static_cast<double>(view.stable));
  }
}

void encode_message(const Message& message, Bytes& out) { encode_message(view_of(message), out); }

Hash content_hash(const MessageView& view) {
  Bytes bytes;
  MsgWriter writer(bytes);
  writer.array(4);
  writer.string(view.client);
  if (const auto number = own_number(view)) {
    writer.float64(static_cast<double>(*number));
  } else {
    writer.nil();
  }
  writer.float64(view.ts);
  MsgReader reader(view.ops);
  std::uint32_t count;
  RTC_ASSERT(reader.read_array(count));
  writer.array(count);
  while (count-- > 0) append_hashed_op(reader, bytes);
  return sha256(bytes);
}

Hash content_hash(const Message& message) { return content_hash(view_of(message)); }

MessageView view_of(const Message& message) {
  MessageView view;
  view_of(message, view);
  return view;
}

void view_of(const Message& message, MessageView& out) {
  out.id = message.id;
  out.client = message.client;
  out.lt = message.lt;
  out.ts = message.ts;
  out.stable = message.stable;
  out.server_seq = message.server_seq;
  out.op_count = message.op_count;
  out.has_meta = message.has_meta;
  out.has_position = message.has_position;
  out.clock.assign(message.clock.begin(), message.clock.end());
  out.ops = message.ops;
}

Message message_of(const MessageView& view) {
  Message message;
  message.id = view.id;
  message.client = view.client;
  message.lt = view.lt;
  message.ts = view.ts;
  message.stable = view.stable;
  message.server_seq = view.server_seq;
  message.op_count = view.op_count;
  message.has_meta = view.has_meta;
  message.has_position = view.has_position;
  message.clock.assign(view.clock.begin(), view.clock.end());
  message.ops.assign(view.ops.begin(), view.ops.end());
  return message;
}

}  // namespace vuer_rtc
