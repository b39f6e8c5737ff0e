// Bytes of a WebSocket frame to a room's Frame: one map with `mtype` (wire protocol, section 2).
#pragma once

#include <string_view>

#include "room/frame.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

/// A bare message (`ops`, no `mtype`) is read as `crdt`. BadFrame, TooDeep, UnknownMtype; the text
/// names the field.
Result<Frame> read_frame(ByteSpan msgpack);
/// The same from JSON text.
Result<Frame> read_json_frame(std::string_view json);

}  // namespace vuer_rtc::server
