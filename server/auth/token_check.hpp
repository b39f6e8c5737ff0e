// JSON Web Tokens (RFC 7519) by the rules of the wire protocol, section 7. Nothing a token says
// chooses the key or the algorithm, and no error repeats what a token holds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "auth/grant.hpp"
#include "auth/jwt_key.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

inline constexpr std::size_t kMaxTokenBytes = 16 * 1024;
inline constexpr std::int64_t kTokenLeeway = 30'000;  ///< milliseconds

struct TokenOptions {
  std::vector<JwtKey> keys;   ///< none: no tokens, everybody may write
  std::string audience;       ///< empty: a token must not name one
  std::string issuer;         ///< empty: any
  std::string admin_token{};  ///< not a JWT: whoever knows it may everything; empty: nobody
};

class TokenCheck {
 public:
  explicit TokenCheck(TokenOptions options) : options_(std::move(options)) {}

  bool is_on() const { return !options_.keys.empty(); }
  /// `wall` is the time in milliseconds. Forbidden, with the reason. Without keys: everything is
  /// allowed, whatever the token.
  Result<Grant> check(std::string_view token, std::int64_t wall) const;

 private:
  TokenOptions options_;
};

/// Reads the keys of these files; empty names are none.
Result<std::vector<JwtKey>> read_jwt_keys(const std::string& secret_file,
                                          const std::vector<std::string>& public_files);

/// Signs these claims (a JSON object).
Result<std::string> make_token(const JwtKey& key, std::string_view claims);

}  // namespace vuer_rtc::server
