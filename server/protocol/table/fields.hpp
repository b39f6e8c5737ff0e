// A JSON object whose members are read by name, numbers exactly as they were written. Of a name
// that comes twice the last counts, as in JavaScript.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/table/change.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::table {

/// One JSON scalar; `true` and `false` are 1 and 0. Nothing: it is an array or an object.
std::optional<Value> read_value(MsgReader& reader);

class Fields {
 public:
  /// Nothing: the text is not one JSON object.
  static std::optional<Fields> read(std::string_view json);
  static std::optional<Fields> read(ByteSpan object);

  bool has(const char* name) const { return members_.contains(name); }
  std::optional<std::string> text(const char* name) const;
  std::optional<std::int64_t> integer(const char* name) const;
  std::optional<bool> boolean(const char* name) const;
  /// The bytes of a member, as MessagePack; empty when there is none.
  ByteSpan raw(const char* name) const;

 private:
  Bytes bytes_;
  std::map<std::string, ByteSpan, std::less<>> members_;
};

}  // namespace vuer_rtc::table
