// A room out of what is stored, for commands: with the widest limits, because what a server once
// accepted is to be read whatever its limits were.
#pragma once

#include "room/room.hpp"

namespace vuer_rtc::server {

inline Result<std::unique_ptr<Room>> load_stored(LogContent content) {
  constexpr std::size_t kAny = 1u << 30;
  RoomOptions options;
  options.limits.message_bytes = options.limits.ops = options.limits.array_length =
      options.limits.key_bytes = options.limits.waiting_inserts = kAny;
  return Room::load(std::move(content), "none", options);
}

}  // namespace vuer_rtc::server
