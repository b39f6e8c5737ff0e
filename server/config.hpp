// The configuration of `serve`: its members and their defaults are the rows of flags.def.
#pragma once

#include "flags.hpp"

namespace vuer_rtc::server {

struct Config {
#define TEXT(member, flag, standard, section, value, help) std::string member = standard;
#define NUMBER(member, flag, standard, lowest, highest, section, help) \
  std::int64_t member = standard;
#define LIMIT(member, flag, standard, lowest, highest, section, help) \
  std::int64_t member = standard;
#define TOGGLE(member, flag, section, help) bool member = false;
#define LIST(member, flag, section, value, help) std::vector<std::string> member;
#include "flags.def"
};

/// The flags of `serve`, bound to this configuration, which must outlive them.
std::vector<Flag> flags_of(Config& config);

/// The values of the limits in force, in the order of the table.
std::vector<std::pair<std::string_view, std::int64_t>> limits_of(Config config);

std::string help_text();

/// Reads and checks. BadOperation names what is unknown, out of range or does not go together.
Result<Config> read_config(std::span<const std::string_view> arguments,
                           const Environment& environment);

}  // namespace vuer_rtc::server
