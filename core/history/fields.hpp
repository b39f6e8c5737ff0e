// Reading maps of snapshots: fields by name, wherever they stand.
#pragma once

#include <string>
#include <string_view>

#include "base/function_ref.hpp"
#include "base/utf.hpp"
#include "codec/whole.hpp"

namespace vuer_rtc {

/// Calls visit(name, bytes of the value) for each member; false when the bytes are no map with
/// string keys, or when visit says false.
bool for_each_field(ByteSpan map, FunctionRef<bool(std::string_view, ByteSpan)> visit);
/// As for_each_field, on a reader that visit(name) must move behind the value.
bool for_each_member(MsgReader& reader, FunctionRef<bool(std::string_view)> visit);
/// The same for the elements of an array.
bool for_each_element(ByteSpan array, FunctionRef<bool(ByteSpan)> visit);

inline bool read_text(MsgReader& reader, std::string_view& out) {
  return reader.read_string(out) && is_clean_utf8(out);
}

inline bool read_text(ByteSpan bytes, std::string_view& out) {
  MsgReader reader(bytes);
  return read_text(reader, out);
}

inline bool read_double(MsgReader& reader, double& out) {
  if (!reader.read_number(out) || !(out - out == 0)) return false;
  out += 0.0;
  return true;
}

inline bool read_double(ByteSpan bytes, double& out) {
  MsgReader reader(bytes);
  return read_double(reader, out);
}

inline bool read_integer(MsgReader& reader, std::uint64_t& out) {
  std::int64_t whole = 0;
  if (!read_whole(reader, 0, whole)) return false;
  out = static_cast<std::uint64_t>(whole);
  return true;
}

inline bool read_integer(ByteSpan bytes, std::uint64_t& out) {
  MsgReader reader(bytes);
  return read_integer(reader, out);
}

inline bool read_flag(ByteSpan bytes, bool& out) {
  MsgReader reader(bytes);
  return reader.read_boolean(out);
}

inline bool is_nil(ByteSpan bytes) { return MsgReader(bytes).peek() == MsgType::Nil; }

}  // namespace vuer_rtc
