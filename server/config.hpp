// Configuration: one table of flags gives --help, the environment names, the ranges and
// /api/limits.
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

struct Config {
  std::string host = "127.0.0.1";
  std::int64_t port = 8080;
  std::string database = "sqlite:vuer-rtc.db";
  std::string static_dir;
  std::vector<std::string> allow_origin;
  bool allow_anonymous = false;
  bool help = false;
  bool version = false;
  std::string log_level = "info";
  std::int64_t max_message_size = 1 << 20;
  std::int64_t max_ops = 10'000;
  std::int64_t max_array_length = 100'000;
  std::int64_t max_key_bytes = 256;
  std::int64_t max_waiting_inserts = 10'000;
  std::int64_t max_rooms = 1000;
  std::int64_t max_clients_per_room = 100;
  std::int64_t room_timeout_minutes = 30;
  std::int64_t max_connections_per_address = 1000;
  std::int64_t queue_bytes = 1 << 20;
  std::int64_t queue_frames = 1000;
  std::int64_t compact_interval = 300;
  std::int64_t compact_min_operations = 1000;
  std::int64_t journal_keep = 100;
};

/// One row of the table. Exactly one of the member pointers is set.
struct Flag {
  std::string_view name;  ///< without the dashes
  std::string Config::*text = nullptr;
  std::int64_t Config::*number = nullptr;
  bool Config::*toggle = nullptr;
  std::vector<std::string> Config::*list = nullptr;  ///< may be repeated; commas in the environment
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
  std::string_view help;
  bool is_limit = false;  ///< shown by /api/limits
};

std::span<const Flag> flag_table();
std::string help_text();

/// Looks a variable up; null when it is not set.
using Environment = std::function<const char*(const char*)>;

/// Flags beat the environment (VUER_RTC_<FLAG>, also PORT, DATABASE_URL, LOG_LEVEL), which beats
/// the defaults. BadOperation names what is unknown or out of range.
Result<Config> read_config(std::span<const std::string_view> arguments,
                           const Environment& environment);

}  // namespace vuer_rtc::server
