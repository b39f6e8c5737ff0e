// What a connection may do in a room (wire protocol, section 7). Admin and relay both write; admin
// may also clear and export, relay may pass on messages of others.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vuer_rtc::server {

enum class Right : std::uint8_t { Read, Write, Admin, Relay };

inline constexpr std::array<std::string_view, 4> kRightNames = {"read", "write", "admin", "relay"};

constexpr std::string_view right_name(Right right) {
  return kRightNames[static_cast<std::size_t>(right)];
}

constexpr std::optional<Right> right_named(std::string_view name) {
  for (std::size_t i = 0; i < kRightNames.size(); ++i) {
    if (kRightNames[i] == name) return static_cast<Right>(i);
  }
  return std::nullopt;
}

/// The author of what the server itself writes; nobody may speak in this name.
inline constexpr std::string_view kServerAuthor = "$server";

constexpr bool may_write(Right right) { return right != Right::Read; }

}  // namespace vuer_rtc::server
