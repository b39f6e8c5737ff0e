#include "auth/token_check.hpp"

#include <algorithm>
#include <cmath>

#include "auth/base64url.hpp"
#include "auth/bearer.hpp"
#include "auth/claims.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc::server {
namespace {

Error refuse(std::string_view why) {
  return make_error(ErrorCode::Forbidden, "token: " + std::string(why));
}

struct Parts {
  std::string_view signed_text;  // header.claims, as sent
  std::string header, claims, signature;
};

Result<Parts> take_apart(std::string_view token) {
  if (token.empty()) return refuse("missing");
  if (token.size() > kMaxTokenBytes) return refuse("too long");
  const std::size_t first = token.find('.');
  const std::size_t second = first == token.npos ? first : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos)
    return refuse("not three parts");
  const auto header = decode_base64url(token.substr(0, first));
  const auto claims = decode_base64url(token.substr(first + 1, second - first - 1));
  const auto signature = decode_base64url(token.substr(second + 1));
  if (!header || !claims || !signature) return refuse("not base64url");
  return Parts{token.substr(0, second), *header, *claims, *signature};
}

/// The key is chosen by the configuration: each key verifies under its own algorithm only, and the
/// header must name that one.
Status check_signature(const Parts& parts, const std::vector<JwtKey>& keys) {
  const Result<Claims> header = Claims::read(parts.header);
  if (!header) return header.error();
  if (header->has("crit")) return refuse("has critical extensions");
  const auto algorithm = header->text("alg");
  const bool is_known = algorithm && std::any_of(keys.begin(), keys.end(), [&](const JwtKey& key) {
                          return key.algorithm() == *algorithm;
                        });
  if (!is_known) return refuse("algorithm is not accepted");
  for (const JwtKey& key : keys) {
    if (key.algorithm() == *algorithm && key.verify(parts.signed_text, parts.signature)) return {};
  }
  return refuse("signature does not fit");
}

/// A time claim (seconds) in milliseconds.
Status read_time(const Claims& claims, const std::string& name, std::optional<std::int64_t>& out) {
  if (!claims.has(name)) return {};
  const auto seconds = claims.number(name);
  if (!seconds || !(*seconds >= 0) || *seconds > static_cast<double>(kMaxInteger) / 1000)
    return refuse(name + " is not a time");
  out = static_cast<std::int64_t>(std::floor(*seconds * 1000));
  return {};
}

/// Gives the end of the token: its exp, or for one that is past it the end of the leeway.
Status check_times(const Claims& claims, std::int64_t wall, std::int64_t& end) {
  std::optional<std::int64_t> expires, not_before, issued;
  if (Status status = read_time(claims, "exp", expires); !status) return status;
  if (Status status = read_time(claims, "nbf", not_before); !status) return status;
  if (Status status = read_time(claims, "iat", issued); !status) return status;
  if (!expires) return refuse("exp is missing");
  if (wall >= *expires + kTokenLeeway) return refuse("expired");
  if (not_before && wall < *not_before - kTokenLeeway) return refuse("not valid yet");
  end = wall < *expires ? *expires : *expires + kTokenLeeway;
  return {};
}

Status check_names(const Claims& claims, const TokenOptions& options) {
  if (options.audience.empty() && claims.has("aud"))
    return refuse("for an audience that is not us");
  if (!options.audience.empty() && !claims.names("aud", options.audience))
    return refuse("for another audience");
  if (!options.issuer.empty() && claims.text("iss") != options.issuer)
    return refuse("of another issuer");
  return {};
}

Status read_rights(const Claims& claims, Grant& grant) {
  const auto rooms = claims.texts("rooms");
  if (!rooms) return refuse("rooms is no object of rights");
  for (const auto& [room, name] : *rooms) {
    const auto right = right_named(name);
    if (!right) return refuse("rooms holds an unknown right");
    grant.allow(room, *right);
  }
  if (!claims.has("client")) return {};
  const auto client = claims.text("client");
  if (!client || client->empty()) return refuse("client is no name");
  grant.bind_client(*client);
  return {};
}

}  // namespace

Result<Grant> TokenCheck::check(std::string_view token, std::int64_t wall) const {
  if (!options_.admin_token.empty() && is_same_secret(token, options_.admin_token))
    return Grant::of_admin();
  if (!is_on()) return Grant::of_everybody();
  const Result<Parts> parts = take_apart(token);
  if (!parts) return parts.error();
  if (Status status = check_signature(*parts, options_.keys); !status) return status.error();
  const Result<Claims> claims = Claims::read(parts->claims);
  if (!claims) return claims.error();
  Grant grant;
  std::int64_t end = 0;
  if (Status status = check_times(*claims, wall, end); !status) return status.error();
  if (Status status = check_names(*claims, options_); !status) return status.error();
  if (Status status = read_rights(*claims, grant); !status) return status.error();
  grant.set_end(end);
  return grant;
}

Result<std::vector<JwtKey>> read_jwt_keys(const std::string& secret_file,
                                          const std::vector<std::string>& public_files) {
  std::vector<JwtKey> keys;
  const auto add = [&](const std::string& path, Result<JwtKey> (*read)(std::string_view)) {
    const Result<std::string> bytes = read_key_file(path);
    if (!bytes) return Status(bytes.error());
    Result<JwtKey> key = read(*bytes);
    if (!key) return Status(make_error(key.error().code, path + ": " + key.error().text));
    keys.push_back(std::move(*key));
    return Status();
  };
  if (!secret_file.empty()) {
    if (Status status = add(secret_file, JwtKey::from_secret); !status) return status.error();
  }
  for (const std::string& path : public_files) {
    if (Status status = add(path, JwtKey::from_public_pem); !status) return status.error();
  }
  return keys;
}

Result<std::string> make_token(const JwtKey& key, std::string_view claims) {
  const std::string header = R"({"alg":")" + std::string(key.algorithm()) + R"(","typ":"JWT"})";
  std::string token = encode_base64url(header) + "." + encode_base64url(claims);
  const Result<std::string> signature = key.sign(token);
  if (!signature) return signature.error();
  return token + "." + encode_base64url(*signature);
}

}  // namespace vuer_rtc::server
