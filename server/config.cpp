#include "config.hpp"

#include <algorithm>
#include <array>

#include "auth/origin.hpp"

namespace vuer_rtc::server {
namespace {

constexpr Manual kManual = {
    "vuer-rtc-server", "shared scenes and texts over WebSocket",
    "vuer-rtc-server [serve] [--FLAG VALUE]...",
    "Serves rooms at ws://HOST:PORT/ws/ROOM?sessionId=CLIENT, a REST API at /api, and files. What "
    "was acknowledged is on disk. Flags beat environment variables, these beat the file of "
    "--config, and that beats the defaults.",
    "COMMANDS\n"
    "       vuer-rtc-server token --help\n"
    "              Makes a token for a key file.\n"
    "\n"
    "       vuer-rtc-server load --help, bench --help\n"
    "              Put load on a server, and measure one on this machine and disk.\n"
    "\n"
    "       vuer-rtc-server backup FILE --out FILE\n"
    "              Copies a database file and checks the copy.\n"
    "\n"
    "       vuer-rtc-server check FILE\n"
    "              Finds damage in a database file.\n"
    "\n"
    "       vuer-rtc-server inspect FILE, replay FILE --room ROOM\n"
    "              Show what a database file holds, and a room's document.\n"
    "\n"
    "       vuer-rtc-server export ROOM --out FILE, import ROOM --in FILE\n"
    "              Take one room out of a database, and bring one in.\n"
    "\n"
    "SIGNALS\n"
    "       SIGHUP Read the certificate again.\n"
    "\n"
    "       SIGTERM, SIGINT\n"
    "              Commit, acknowledge, close every connection with 1012 and end\n"
    "              within 10 s. A second one ends at once.\n"
    "\n"
    "EXIT STATUS\n"
    "       0      Stopped by a signal.\n"
    "       2      Wrong flags or configuration, or the database cannot be opened.\n"};

Error refuse(std::string_view name, std::string_view why) {
  return make_error(ErrorCode::BadOperation, std::string(name) + ": " + std::string(why));
}

template <std::size_t kCount>
bool is_one_of(const std::string& value, const std::array<std::string_view, kCount>& known) {
  return std::find(known.begin(), known.end(), value) != known.end();
}

Status check_secret(std::string_view flag, const std::string& secret) {
  constexpr std::size_t kLeast = 16;
  const bool visible =
      std::all_of(secret.begin(), secret.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (secret.empty() || (secret.size() >= kLeast && visible)) return {};
  return refuse(flag, "at least 16 characters of ASCII without spaces");
}

/// The last plain level of a list such as `server=debug,info`.
std::string plain_level(const std::string& list) {
  std::string level = list;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t end = std::min(list.find(',', from), list.size());
    const std::string part = list.substr(from, end - from);
    if (part.find('=') == std::string::npos) level = part;
    from = end + 1;
  }
  return level;
}

Status check(const Config& config) {
  const bool database = config.database == "memory:" ||
                        (config.database.starts_with("sqlite:") && config.database.size() > 7);
  if (!database) return refuse("--database", "sqlite:PATH or memory:");
  if (!config.broker.empty()) {
    return refuse("--broker (REDIS_URL)",
                  "this version serves alone; several servers on one "
                  "store are not supported");
  }
  if (!is_one_of<2>(config.durability, {"durable", "relaxed"}))
    return refuse("--durability", "durable or relaxed");
  if (!is_one_of<2>(config.table_ack_version, {"sender", "server"}))
    return refuse("--table-ack-version", "sender or server");
  if (!is_one_of<3>(config.table_pull, {"tracked", "literal", "full"}))
    return refuse("--table-pull", "tracked, literal or full");
  if (!is_one_of<2>(config.table_durability, {"full", "normal"}))
    return refuse("--table-durability", "full or normal");
  if (!is_one_of<5>(config.log_level, {"error", "warn", "info", "debug", "trace"}))
    return refuse("--log-level", "error, warn, info, debug or trace");
  if (!is_one_of<2>(config.log_format, {"json", "text"}))
    return refuse("--log-format", "json or text");
  if (!is_one_of<2>(config.default_format, {"json", "msgpack"}))
    return refuse("--default-format", "json or msgpack");
  const bool has_keys = !config.jwt_hs256_key_file.empty() || !config.jwt_public_key_file.empty();
  if (!is_loopback(config.host) && !has_keys && !config.allow_anonymous) {
    return refuse("--host",
                  "an address that others can reach needs a key for tokens, or "
                  "--allow-anonymous");
  }
  if (has_keys && config.allow_anonymous)
    return refuse("--allow-anonymous", "does not go together with a key for tokens");
  if (!has_keys && !(config.jwt_audience.empty() && config.jwt_issuer.empty()))
    return refuse("--jwt-audience, --jwt-issuer", "need a key for tokens");
  if (Status status = check_secret("--admin-token", config.admin_token); !status) return status;
  if (Status status = check_secret("--metrics-token", config.metrics_token); !status) return status;
  if (config.tls_cert.empty() != config.tls_key.empty())
    return refuse("--tls-cert, --tls-key", "one needs the other");
  return {};
}

}  // namespace

std::vector<Flag> flags_of(Config& config) {
  std::vector<Flag> flags = {
#define TEXT(member, flag, standard, section, value, help) \
  {flag, &config.member, 0, 0, section, value, help, {}, false},
#define NUMBER(member, flag, standard, lowest, highest, section, help) \
  {flag, &config.member, lowest, highest, section, "NUMBER", help, {}, false},
#define LIMIT(member, flag, standard, lowest, highest, section, help) \
  {flag, &config.member, lowest, highest, section, "NUMBER", help, {}, true},
#define TOGGLE(member, flag, section, help) \
  {flag, &config.member, 0, 0, section, {}, help, {}, false},
#define LIST(member, flag, section, value, help) \
  {flag, &config.member, 0, 0, section, value, help, {}, false},
#include "flags.def"
  };
  constexpr std::pair<std::string_view, std::string_view> kOlder[] = {
#define OLDER(flag, name) {flag, name},
#include "flags.def"
  };
  constexpr std::pair<std::string_view, std::string_view> kLetters[] = {
#define LETTER(flag, letter) {flag, letter},
#include "flags.def"
  };
  for (Flag& flag : flags) {
    for (const auto& [name, older] : kOlder)
      if (flag.name == name) flag.older.push_back(older);
    for (const auto& [name, letter] : kLetters)
      if (flag.name == name) flag.letter = letter;
  }
  return flags;
}

std::vector<std::pair<std::string_view, std::int64_t>> limits_of(Config config) {
  std::vector<std::pair<std::string_view, std::int64_t>> limits;
  for (const Flag& flag : flags_of(config)) {
    if (flag.is_limit) limits.emplace_back(flag.name, *std::get<std::int64_t*>(flag.at));
  }
  return limits;
}

std::string help_text() {
  Config defaults;
  return manual_page(kManual, flags_of(defaults));
}

Result<Config> read_config(std::span<const std::string_view> arguments,
                           const Environment& environment) {
  Config config;
  if (Status status = read_flags(flags_of(config), arguments, environment); !status)
    return status.error();
  if (config.help || config.version) return config;
  config.log_level = config.verbose ? "debug" : plain_level(config.log_level);
  if (Status status = check(config); !status) return status.error();
  return config;
}

}  // namespace vuer_rtc::server
