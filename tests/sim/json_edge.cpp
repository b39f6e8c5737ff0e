// JSON frames where the server's own reader and writer cannot be built: Emscripten's library has no
// doubles in charconv. Scenarios that run there send no text frames, so this only has to be right.
#include "json_messages.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/json_writer.hpp"

namespace vuer_rtc::server {

Result<Bytes> json_to_msgpack(std::string_view json, int) {
  const auto value = nlohmann::json::parse(json, nullptr, false);
  if (value.is_discarded()) return make_error(ErrorCode::BadFrame, "JSON: cannot be read");
  return msgpack_of(value);
}

Result<std::string> msgpack_to_json(ByteSpan bytes) { return json_of(bytes).dump(); }

}  // namespace vuer_rtc::server
