#include "config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "auth/origin.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::int64_t kBig = std::numeric_limits<std::int32_t>::max();

Flag text(std::string_view name, std::string Config::*at, std::string_view help) {
  Flag flag;
  flag.name = name;
  flag.text = at;
  flag.help = help;
  return flag;
}

Flag number(std::string_view name, std::int64_t Config::*at, std::int64_t lowest,
            std::int64_t highest, std::string_view help) {
  Flag flag;
  flag.name = name;
  flag.number = at;
  flag.lowest = lowest;
  flag.highest = highest;
  flag.help = help;
  return flag;
}

Flag limit(std::string_view name, std::int64_t Config::*at, std::int64_t lowest,
           std::int64_t highest, std::string_view help) {
  Flag flag = number(name, at, lowest, highest, help);
  flag.is_limit = true;
  return flag;
}

Flag toggle(std::string_view name, bool Config::*at, std::string_view help) {
  Flag flag;
  flag.name = name;
  flag.toggle = at;
  flag.help = help;
  return flag;
}

Flag list(std::string_view name, std::vector<std::string> Config::*at, std::string_view help) {
  Flag flag;
  flag.name = name;
  flag.list = at;
  flag.help = help;
  return flag;
}

const std::vector<Flag>& table() {
  static const std::vector<Flag> flags = {
      text("host", &Config::host,
           "address to listen on; others than loopback need --allow-anonymous"),
      number("port", &Config::port, 0, 65535, "port to listen on; 0 picks a free one"),
      text("database", &Config::database, "sqlite:PATH or memory:"),
      text("static", &Config::static_dir, "folder served at /"),
      list("allow-origin", &Config::allow_origin,
           "further origin of pages that may connect; may be repeated"),
      toggle("allow-anonymous", &Config::allow_anonymous,
             "listen on any address without authentication"),
      text("log-level", &Config::log_level, "error, warn, info or debug"),
      limit("max-message-size", &Config::max_message_size, 1024, 1 << 28, "bytes of one frame"),
      limit("max-ops", &Config::max_ops, 1, kBig, "operations in one message"),
      limit("max-array-length", &Config::max_array_length, 1, kBig, "elements of one array"),
      limit("max-key-bytes", &Config::max_key_bytes, 1, 1 << 16, "bytes of a key"),
      limit("max-waiting-inserts", &Config::max_waiting_inserts, 0, kBig,
            "text inserts of a room without anchor"),
      limit("max-rooms", &Config::max_rooms, 0, kBig, "rooms loaded at a time; 0: no limit"),
      limit("max-clients-per-room", &Config::max_clients_per_room, 0, kBig,
            "members of a room; 0: no limit"),
      limit("max-connections-per-address", &Config::max_connections_per_address, 0, kBig,
            "0: no limit"),
      limit("queue-bytes", &Config::queue_bytes, 1024, kBig, "what a slow reader may have waiting"),
      limit("queue-frames", &Config::queue_frames, 1, kBig, "what a slow reader may have waiting"),
      limit("room-timeout-minutes", &Config::room_timeout_minutes, 1, 525'600,
            "an idle room is unloaded after"),
      number("compact-interval", &Config::compact_interval, 1, 31'536'000,
             "seconds between snapshots of a room"),
      number("compact-min-operations", &Config::compact_min_operations, 1, kBig,
             "messages a journal holds before it becomes a snapshot"),
      number("journal-keep", &Config::journal_keep, 0, kBig, "messages that stay in the journal"),
      toggle("help", &Config::help, "this text"),
      toggle("version", &Config::version, "the version"),
  };
  return flags;
}

Error refuse(std::string_view name, std::string_view why) {
  return make_error(ErrorCode::BadOperation, std::string(name) + ": " + std::string(why));
}

Status set(const Flag& flag, std::string_view shown, std::string_view value, Config& config) {
  if (flag.text != nullptr) {
    config.*flag.text = value;
  } else if (flag.list != nullptr) {
    (config.*flag.list).emplace_back(value);
  } else if (flag.toggle != nullptr) {
    if (value != "1" && value != "true" && value != "0" && value != "false")
      return refuse(shown, "true or false");
    config.*flag.toggle = value == "1" || value == "true";
  } else {
    std::int64_t parsed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    const bool whole = error == std::errc{} && end == value.data() + value.size();
    if (!whole || parsed < flag.lowest || parsed > flag.highest) {
      return refuse(shown, "a whole number from " + std::to_string(flag.lowest) + " to " +
                               std::to_string(flag.highest));
    }
    config.*flag.number = parsed;
  }
  return {};
}

std::string environment_name(std::string_view flag) {
  std::string name = "VUER_RTC_";
  for (const char c : flag)
    name.push_back(c == '-' ? '_' : static_cast<char>(c - ('a' <= c && c <= 'z' ? 'a' - 'A' : 0)));
  return name;
}

Status read_environment(const Environment& environment, Config& config) {
  constexpr std::array<std::pair<std::string_view, const char*>, 3> kOlder = {
      {{"port", "PORT"}, {"database", "DATABASE_URL"}, {"log-level", "LOG_LEVEL"}}};
  for (const Flag& flag : table()) {
    std::string name = environment_name(flag.name);
    const char* value = environment(name.c_str());
    for (const auto& [known, older] : kOlder) {
      if (value == nullptr && known == flag.name) value = environment((name = older).c_str());
    }
    if (value == nullptr) continue;
    std::string_view rest = value;
    do {
      const std::size_t end = flag.list != nullptr ? rest.find(',') : std::string_view::npos;
      if (Status status = set(flag, name, rest.substr(0, end), config); !status) return status;
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    } while (!rest.empty());
  }
  return {};
}

Status read_arguments(std::span<const std::string_view> arguments, Config& config) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (!argument.starts_with("--")) return refuse(argument, "unknown argument");
    const std::size_t equals = argument.find('=');
    const std::string_view name =
        argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
    const auto flag = std::find_if(table().begin(), table().end(),
                                   [&](const Flag& one) { return one.name == name; });
    if (flag == table().end()) return refuse(argument.substr(0, equals), "unknown flag");
    std::string_view value = "true";
    if (equals != std::string_view::npos) {
      value = argument.substr(equals + 1);
    } else if (flag->toggle == nullptr) {
      if (++i == arguments.size()) return refuse(argument, "a value is missing");
      value = arguments[i];
    }
    if (Status status = set(*flag, argument.substr(0, equals), value, config); !status)
      return status;
  }
  return {};
}

Status check(const Config& config) {
  const bool database = config.database == "memory:" ||
                        (config.database.starts_with("sqlite:") && config.database.size() > 7);
  if (!database) return refuse("--database", "sqlite:PATH or memory:");
  constexpr std::array<std::string_view, 4> kLevels = {"error", "warn", "info", "debug"};
  if (std::find(kLevels.begin(), kLevels.end(), config.log_level) == kLevels.end()) {
    return refuse("--log-level", "error, warn, info or debug");
  }
  if (!is_loopback(config.host) && !config.allow_anonymous) {
    return refuse("--host", "an address that others can reach needs --allow-anonymous");
  }
  return {};
}

std::string shown_default(const Flag& flag, const Config& defaults) {
  if (flag.text != nullptr) return defaults.*flag.text;
  if (flag.number != nullptr) return std::to_string(defaults.*flag.number);
  return {};
}

}  // namespace

std::span<const Flag> flag_table() { return table(); }

std::string help_text() {
  std::string out = "vuer-rtc-server [flags]\n\nEvery flag is also read from VUER_RTC_<FLAG>.\n\n";
  const Config defaults;
  for (const Flag& flag : table()) {
    std::string line = "  --" + std::string(flag.name);
    line.resize(std::max<std::size_t>(line.size() + 1, 33), ' ');
    line += flag.help;
    if (const std::string value = shown_default(flag, defaults); !value.empty())
      line += " [" + value + "]";
    out += line + "\n";
  }
  return out;
}

Result<Config> read_config(std::span<const std::string_view> arguments,
                           const Environment& environment) {
  Config config;
  if (Status status = read_environment(environment, config); !status) return status.error();
  if (Status status = read_arguments(arguments, config); !status) return status.error();
  if (config.help || config.version) return config;
  if (Status status = check(config); !status) return status.error();
  return config;
}

}  // namespace vuer_rtc::server
