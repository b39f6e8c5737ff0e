// Flags of a command, bound to where their values go. The same rows read the command line, the
// environment and a configuration file, and make the help text.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

struct Flag {
  std::string_view name;  ///< without the dashes
  std::variant<std::string*, std::int64_t*, bool*, std::vector<std::string>*> at;
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
  std::string_view section;
  std::string_view value;  ///< the word for its value in the help text; empty for a toggle
  std::string_view help;
  std::vector<std::string_view> older;  ///< further environment names, the first that is set counts
  bool is_limit = false;                ///< shown by /api/limits
  std::string_view letter{};            ///< its short form, without the dash
};

/// Looks a variable up; null when it is not set.
using Environment = std::function<const char*(const char*)>;

/// VUER_RTC_<FLAG>.
std::string environment_name(std::string_view flag);

/// Sets what is given: flags beat the environment, which beats the file that `--config` names,
/// which beats what the variables hold now. A list of a stronger source replaces the weaker one's.
/// BadOperation names what is unknown or out of range; some variables may have been set then.
Status read_flags(std::span<const Flag> flags, std::span<const std::string_view> arguments,
                  const Environment& environment);

struct Manual {
  std::string_view name;
  std::string_view summary;
  std::string_view synopsis;
  std::string_view description;
  std::string_view end;  ///< further sections, ready to print
};

/// A page in the form of a manual: every flag with its default, range and environment names.
std::string manual_page(const Manual& manual, std::span<const Flag> flags);

}  // namespace vuer_rtc::server
