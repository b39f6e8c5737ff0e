#include "tools/token_command.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "auth/token_check.hpp"

namespace vuer_rtc::server {
namespace {

using nlohmann::json;

struct TokenFlags {
#define FLAG_ROWS "tools/token_flags.def"
#include "tools/as_members.def"
};

constexpr Manual kManual = {
    "vuer-rtc-server token", "makes a token for a key file",
    "vuer-rtc-server token --key-file FILE --rooms ROOM=RIGHT... [--client NAME] [--expires TIME]",
    "Prints a signed token. A file with a private key in PEM form signs RS256, ES256 or EdDSA, any "
    "other file is an HS256 secret of at least 32 bytes.",
    "EXAMPLE\n"
    "       vuer-rtc-server token --key-file secret --rooms 'demo=write' \\\n"
    "           --rooms 'public-*=read' --client alice --expires 12h\n"};

std::vector<Flag> flags_of(TokenFlags& to) {
  constexpr std::string_view kSection = "Token";
  return {
#define FLAG_ROWS "tools/token_flags.def"
#include "tools/as_flags.def"
  };
}

Error refuse(std::string_view name, std::string_view why) {
  return make_error(ErrorCode::BadOperation, std::string(name) + ": " + std::string(why));
}

/// Seconds; 0 when it cannot be read.
std::int64_t duration_of(std::string_view text) {
  std::int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || end - at != 1 || count <= 0 || count > 1'000'000) return 0;
  switch (*at) {
    case 's':
      return count;
    case 'm':
      return count * 60;
    case 'h':
      return count * 3600;
    default:
      return *at == 'd' ? count * 86'400 : 0;
  }
}

Result<json> claims_of(const TokenFlags& flags, std::int64_t wall) {
  const std::int64_t lasts = duration_of(flags.expires);
  if (lasts == 0) return refuse("--expires", "a number with s, m, h or d");
  if (flags.rooms.empty()) return refuse("--rooms", "is missing");
  json claims = {{"iat", wall / 1000}, {"exp", wall / 1000 + lasts}, {"rooms", json::object()}};
  for (const std::string& rule : flags.rooms) {
    const std::size_t equals = rule.rfind('=');
    if (equals == std::string::npos || equals == 0 || !right_named(rule.substr(equals + 1)))
      return refuse("--rooms", "ROOM=read, ROOM=write, ROOM=admin or ROOM=relay");
    claims["rooms"][rule.substr(0, equals)] = rule.substr(equals + 1);
  }
  if (!flags.client.empty()) claims["client"] = flags.client;
  if (!flags.audience.empty()) claims["aud"] = flags.audience;
  if (!flags.issuer.empty()) claims["iss"] = flags.issuer;
  return claims;
}

Result<JwtKey> key_of(const TokenFlags& flags) {
  if (flags.key_file.empty()) return refuse("--key-file", "is missing");
  const Result<std::string> bytes = read_key_file(flags.key_file);
  if (!bytes) return refuse("--key-file", bytes.error().text);
  const bool is_pem = bytes->find("-----BEGIN") != std::string::npos;
  Result<JwtKey> key = is_pem ? JwtKey::from_private_pem(*bytes) : JwtKey::from_secret(*bytes);
  if (!key) return refuse("--key-file", flags.key_file + ": " + key.error().text);
  return key;
}

}  // namespace

Result<std::string> run_token_command(std::span<const std::string_view> arguments,
                                      const Environment& environment, std::int64_t wall) {
  TokenFlags flags;
  if (Status status = read_flags(flags_of(flags), arguments, environment); !status)
    return status.error();
  if (flags.help) {
    TokenFlags defaults;
    return manual_page(kManual, flags_of(defaults));
  }
  const Result<JwtKey> key = key_of(flags);
  if (!key) return key.error();
  const Result<json> claims = claims_of(flags, wall);
  if (!claims) return claims.error();
  const std::string text = claims->dump(-1, ' ', false, json::error_handler_t::replace);
  Result<std::string> token = make_token(*key, text);
  if (!token) return token.error();
  return *token + "\n";
}

}  // namespace vuer_rtc::server
