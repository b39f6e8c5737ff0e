// One key of JSON Web Tokens. The key decides the algorithm, never the token: a secret is HS256, an
// RSA key RS256, a P-256 key ES256, an Ed25519 key EdDSA (RFC 7518, RFC 8037; OpenSSL does the
// work).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "vuer_rtc/error.hpp"

typedef struct evp_pkey_st EVP_PKEY;

namespace vuer_rtc::server {

class JwtKey {
 public:
  /// The bytes of a secret, at least 32. What looks like a PEM file is refused: a public key that
  /// is taken for a secret lets everybody sign.
  static Result<JwtKey> from_secret(std::string_view secret);
  static Result<JwtKey> from_public_pem(std::string_view pem);
  static Result<JwtKey> from_private_pem(std::string_view pem);

  std::string_view algorithm() const { return algorithm_; }
  bool verify(std::string_view text, std::string_view signature) const;
  Result<std::string> sign(std::string_view text) const;

 private:
  static Result<JwtKey> from_pem(std::string_view pem, bool is_private);
  Result<std::string> mac(std::string_view text) const;

  std::string_view algorithm_;
  std::string secret_;
  std::shared_ptr<EVP_PKEY> key_;
};

/// The bytes of a key file; of one that is plain text without the end of its last line, which
/// editors add. BadOperation names what cannot be read.
Result<std::string> read_key_file(const std::string& path);

}  // namespace vuer_rtc::server
