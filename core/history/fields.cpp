// Walks over maps and arrays of snapshots.
#include "history/fields.hpp"

namespace vuer_rtc {

bool for_each_member(MsgReader& reader, FunctionRef<bool(std::string_view)> visit) {
  std::uint32_t count = 0;
  if (!reader.read_map(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view name;
    if (!reader.read_string(name) || !visit(name)) return false;
  }
  return true;
}

bool for_each_field(ByteSpan map, FunctionRef<bool(std::string_view, ByteSpan)> visit) {
  MsgReader reader(map);
  return for_each_member(reader, [&](std::string_view name) {
    ByteSpan value;
    return reader.read_raw(value) && visit(name, value);
  });
}

bool for_each_element(ByteSpan array, FunctionRef<bool(ByteSpan)> visit) {
  MsgReader reader(array);
  std::uint32_t count = 0;
  if (!reader.read_array(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    ByteSpan value;
    if (!reader.read_raw(value) || !visit(value)) return false;
  }
  return true;
}

}  // namespace vuer_rtc
