// The target of a request taken apart: decoded path segments and query items.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc::server {

struct Target {
  std::vector<std::string>
      segments;  ///< "/a%2Fb/c" → "a/b", "c"; "/" → none; a trailing slash adds ""
  std::map<std::string, std::string> query;  ///< the first of each name

  const std::string* item(const std::string& name) const;
  /// An item as a whole number up to `most`; `standard` when it is absent. BadFrame, naming it.
  Result<std::uint64_t> whole(const std::string& name, std::uint64_t standard,
                              std::uint64_t most = kMaxInteger) const;
};

/// Nothing when it does not start with a slash, or an escape is broken, or decodes to what is not
/// UTF-8.
std::optional<Target> parse_target(std::string_view target);

/// A room's name: 1 to 128 characters of UTF-8.
bool is_room_name(std::string_view name);

}  // namespace vuer_rtc::server
