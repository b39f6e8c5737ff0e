#include "protocol/table/fields.hpp"

#include <bit>

#include "protocol/json_reader.hpp"

namespace vuer_rtc::table {
namespace {

/// One of the two forms in which json_to_exact_msgpack writes numbers.
Value read_exact_number(MsgReader& reader) {
  const std::uint8_t* at = reader.position();
  std::uint64_t bits = 0;
  for (int i = 1; i <= 8; ++i) bits = bits << 8 | at[i];
  reader.skip();
  if (*at == 0xd3) return static_cast<std::int64_t>(bits);
  return std::bit_cast<double>(bits) + 0.0;  // there is one zero only
}

}  // namespace

std::optional<Value> read_value(MsgReader& reader) {
  bool flag = false;
  std::string_view text;
  switch (reader.peek()) {
    case MsgType::Nil:
      reader.read_nil();
      return Value{};
    case MsgType::Boolean:
      reader.read_boolean(flag);
      return Value{std::int64_t{flag}};
    case MsgType::String:
      reader.read_string(text);
      return Value{std::string(text)};
    case MsgType::Number:
      return read_exact_number(reader);
    default:
      return std::nullopt;
  }
}

std::optional<Fields> Fields::read(std::string_view json) {
  Result<Bytes> bytes = server::json_to_exact_msgpack(json);
  if (!bytes) return std::nullopt;
  std::optional<Fields> fields = read(ByteSpan(*bytes));
  if (fields) fields->bytes_ = std::move(*bytes);  // its members stay where they are
  return fields;
}

std::optional<Fields> Fields::read(ByteSpan object) {
  Fields fields;
  MsgReader reader(object);
  std::uint32_t count = 0;
  if (reader.peek() != MsgType::Map || !reader.read_map(count)) return std::nullopt;
  for (; count != 0; --count) {
    std::string_view name;
    ByteSpan value;
    if (!reader.read_string(name) || !reader.read_raw(value)) return std::nullopt;
    fields.members_.insert_or_assign(std::string(name), value);
  }
  return fields;
}

ByteSpan Fields::raw(const char* name) const {
  const auto at = members_.find(name);
  return at == members_.end() ? ByteSpan() : at->second;
}

std::optional<std::string> Fields::text(const char* name) const {
  MsgReader reader(raw(name));
  std::string_view text;
  if (reader.peek() != MsgType::String || !reader.read_string(text)) return std::nullopt;
  return std::string(text);
}

std::optional<std::int64_t> Fields::integer(const char* name) const {
  MsgReader reader(raw(name));
  if (reader.peek() != MsgType::Number) return std::nullopt;
  const Value value = read_exact_number(reader);
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole == nullptr ? std::nullopt : std::optional(*whole);
}

std::optional<bool> Fields::boolean(const char* name) const {
  MsgReader reader(raw(name));
  bool value = false;
  if (reader.peek() != MsgType::Boolean || !reader.read_boolean(value)) return std::nullopt;
  return value;
}

}  // namespace vuer_rtc::table
