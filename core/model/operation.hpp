// One operation, decoded from the normal form that Message::ops holds. Views point into those
// bytes.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/value.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

/// Every operation of the registry, then Unknown.
enum class OpKind : std::uint8_t {
#define OPERATION(symbol, ...) symbol,
#include "ops/registry.def"
#undef OPERATION
  Unknown
};

enum class OpFamily : std::uint8_t { Set, Value, Node, Text, Meta, Unknown };

/// Which optional fields were present and usable, and the op's own value.
struct Operation {
  OpKind kind = OpKind::Unknown;
  OpFamily family = OpFamily::Unknown;
  bool key_is_root = false;  ///< key ".", null or absent
  bool has_key = false;      ///< key is a string (also ".")
  bool has_path = false;     ///< path is a string
  bool has_value = false;    ///< `value` is present (null included)
  bool value_valid = false;  ///< `value` is a JSON value of depth <= 64
  std::string_view key;
  std::string_view path;
  Value value;         ///< decoded for set, value and node ops; Missing for the rest
  ByteSpan raw_value;  ///< `value` as it stands (text ops)
  ByteSpan raw;        ///< the whole op, one MessagePack map
};

/// Looks a wire name up; OpKind::Unknown when there is none.
OpKind find_operation(std::string_view wire_name);
std::string_view operation_name(OpKind kind);
OpFamily operation_family(OpKind kind);
/// key, children and _crdt are fields of a node, never property paths (law, section 5).
bool is_reserved(std::string_view path);

/// Decodes one op from trusted normal form; the reader steps behind it. False when it is no map
/// with a string ot.
bool decode_operation(MsgReader& reader, Operation& out);

/// An optional field of an op by name: its bytes, empty when absent or null.
ByteSpan operation_field(const Operation& op, std::string_view name);

/// A field that must be a whole number (3 or 3.0) in low..2^53-1. False when absent or anything
/// else.
bool integer_field(const Operation& op, std::string_view name, std::int64_t low, std::int64_t& out);

}  // namespace vuer_rtc
