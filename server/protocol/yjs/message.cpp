#include "protocol/yjs/message.hpp"

#include "protocol/utf8.hpp"
#include "protocol/yjs/figures.hpp"
#include "protocol/yjs/json.hpp"

namespace vuer_rtc::yjs {
namespace {

/// Both forms begin with a number: the length, or how many entries there are. The order of the
/// attempts is the specification's.
void read_awareness_payload(Reader& reader, Message& message) {
  Reader wrapped = reader;
  const std::uint64_t length = wrapped.var_uint();
  Reader bare = reader;
  const ByteSpan rest = bare.bytes(bare.left());
  std::optional<std::vector<Presence>> entries;
  if (!wrapped.ok() || length != wrapped.left()) entries = read_awareness(rest);
  message.is_bare = entries.has_value();
  message.payload = message.is_bare ? rest : wrapped.bytes(length);
  if (!entries) entries = read_awareness(message.payload);
  if (!entries || !(message.is_bare || wrapped.ok())) return reader.fail(Fault::Awareness);
  reader = message.is_bare ? bare : wrapped;
  message.presence = std::move(*entries);
}

/// A JSON text of an object (Auth) or of anything (Custom).
void read_json_payload(Reader& reader, Message& message) {
  const std::string_view text = as_text(reader.var_bytes());
  const bool is_auth = message.type == Type::Auth;
  const bool is_fine =
      server::is_utf8(text) && (is_auth ? json_texts(text).has_value() : is_json(text));
  if (!is_fine) reader.fail(is_auth ? Fault::Auth : Fault::Custom);
  message.payload = {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void read_sync(Reader& reader, Message& message) {
  const std::uint64_t kind = reader.var_uint();
  if (kind > 2) reader.fail(Fault::SyncType);
  message.sync = static_cast<Sync>(kind);
  message.payload = reader.var_bytes();
}

}  // namespace

Message read_message(Reader& reader, Face face) {
  Message message;
  message.type = static_cast<Type>(reader.var_uint());
  if (!reader.ok()) return message;
  const bool is_zeal = face == Face::Zeal;
  if (message.type == Type::Sync) {
    read_sync(reader, message);
  } else if (message.type == Type::Awareness) {
    read_awareness_payload(reader, message);
  } else if (is_zeal && (message.type == Type::Auth || message.type == Type::Custom)) {
    read_json_payload(reader, message);
  } else if (!is_zeal && message.type == Type::DurableMark) {
    message.payload = reader.var_bytes();
  } else if (message.type != Type::QueryAwareness) {
    reader.bytes(reader.left());
  }
  return message;
}

MessageKind kind_of(const Message& message) {
  switch (message.type) {
    case Type::Sync:
      return static_cast<MessageKind>(message.sync);
    case Type::Awareness:
      return MessageKind::Awareness;
    case Type::Auth:
      return MessageKind::Auth;
    case Type::QueryAwareness:
      return MessageKind::Query;
    case Type::Custom:
      return MessageKind::Custom;
    case Type::DurableMark:
      return MessageKind::Mark;
  }
  return MessageKind::Unknown;
}

Bytes sync_message(Sync kind, ByteSpan payload) {
  Writer writer;
  writer.var_uint(static_cast<std::uint64_t>(Type::Sync));
  writer.var_uint(static_cast<std::uint64_t>(kind));
  writer.var_bytes(payload);
  return writer.take();
}

Bytes awareness_message(std::span<const Presence> entries, bool is_bare) {
  Writer writer;
  writer.var_uint(static_cast<std::uint64_t>(Type::Awareness));
  const Bytes update = write_awareness(entries);
  is_bare ? writer.raw(update) : writer.var_bytes(update);
  return writer.take();
}

Bytes denied_message(std::string_view reason) {
  Writer writer;
  writer.var_uint(static_cast<std::uint64_t>(Type::Auth));
  writer.var_uint(0);
  writer.var_string(reason);
  return writer.take();
}

Bytes mark_message(ByteSpan mark) {
  Writer writer;
  writer.var_uint(static_cast<std::uint64_t>(Type::DurableMark));
  writer.var_bytes(mark);
  return writer.take();
}

}  // namespace vuer_rtc::yjs
