// Frames and messages field by field, for programs that look at what was sent, and frames to answer
// with.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc::testing {

using Fields = std::map<std::string, ByteSpan, std::less<>>;

/// The fields of a MessagePack map; as far as it can be read.
inline Fields fields_of(ByteSpan map) {
  Fields out;
  MsgReader reader(map);
  std::uint32_t count = 0;
  if (reader.peek() != MsgType::Map || !reader.read_map(count)) return out;
  for (std::uint32_t i = 0; i < count; i++) {
    std::string_view name;
    ByteSpan value;
    if (!reader.read_string(name) || !reader.read_raw(value)) break;
    out.emplace(name, value);
  }
  return out;
}

/// Empty when the field is missing or no string.
inline std::string text_of(const Fields& fields, std::string_view name) {
  auto found = fields.find(name);
  std::string_view text;
  if (found == fields.end() || !MsgReader(found->second).read_string(text)) return {};
  return std::string(text);
}

/// 0 when the field is missing or no number.
inline double number_of(const Fields& fields, std::string_view name) {
  auto found = fields.find(name);
  double number = 0;
  if (found != fields.end()) MsgReader(found->second).read_number(number);
  return number;
}

/// False when the field is missing or no boolean.
inline bool truth_of(const Fields& fields, std::string_view name) {
  auto found = fields.find(name);
  bool value = false;
  return found != fields.end() && MsgReader(found->second).read_boolean(value) && value;
}

/// The elements of a MessagePack array, one after the other.
inline ByteSpan elements(ByteSpan array) {
  MsgReader reader(array);
  std::uint32_t count = 0;
  reader.read_array(count);
  return array.subspan(static_cast<std::size_t>(reader.position() - array.data()));
}

/// Splits bytes that hold MessagePack values one after the other.
template <class Visit>
void for_each_value(ByteSpan bytes, const Visit& visit) {
  MsgReader reader(bytes);
  for (ByteSpan one; !reader.at_end() && reader.read_raw(one);) visit(one);
}

/// A frame of this kind; its so many fields are written behind it.
inline Bytes map_frame(std::string_view mtype, std::uint32_t fields) {
  Bytes frame;
  MsgWriter out(frame);
  out.map(fields + 1);
  out.string("mtype");
  out.string(mtype);
  return frame;
}

/// The frame in which a message goes to the server.
inline Bytes crdt_frame(ByteSpan message) {
  Bytes frame = map_frame("crdt", 1);
  MsgWriter out(frame);
  out.string("msg");
  out.raw(message);
  return frame;
}

}  // namespace vuer_rtc::testing
