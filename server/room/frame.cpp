#include "room/frame.hpp"

namespace vuer_rtc::server {

std::string_view readable_id(ByteSpan message) {
  MsgReader reader(message);
  std::uint32_t fields = 0;
  if (reader.peek() != MsgType::Map || !reader.read_map(fields)) return {};
  for (std::uint32_t i = 0; i < fields; ++i) {
    std::string_view name, id;
    if (reader.peek() != MsgType::String || !reader.read_string(name)) return {};
    if (name == "id" && reader.peek() == MsgType::String) {
      return reader.read_string(id) && id.size() <= kMaxIdBytes ? id : std::string_view{};
    }
    if (!reader.skip()) return {};
  }
  return {};
}

}  // namespace vuer_rtc::server
