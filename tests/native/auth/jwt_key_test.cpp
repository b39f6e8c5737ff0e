#include "auth/jwt_key.hpp"

#include <catch2/catch.hpp>

#include "auth/token_cases.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

TEST_CASE("jwt_key_verifies_what_its_private_half_signed_and_nothing_else") {
  const std::pair<PemPair, std::string> pairs[] = {
      {PemPair("RSA"), "RS256"}, {PemPair("EC", "P-256"), "ES256"}, {PemPair("ED25519"), "EdDSA"}};
  for (const auto& [pem, algorithm] : pairs) {
    const JwtKey secret = taken(JwtKey::from_private_pem(pem.secret));
    const JwtKey open = taken(JwtKey::from_public_pem(pem.open));
    CHECK(secret.algorithm() == algorithm);
    CHECK(open.algorithm() == algorithm);
    const std::string signature = taken(secret.sign("text"));
    CHECK(open.verify("text", signature));
    CHECK_FALSE(open.verify("texts", signature));
    CHECK_FALSE(open.verify("text", ""));
    CHECK_FALSE(open.verify("text", signature.substr(1)));
    CHECK_FALSE(open.verify("text", signature + "x"));
    for (std::size_t i = 0; i < signature.size(); ++i) {
      std::string changed = signature;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      CHECK_FALSE(open.verify("text", changed));
    }
    CHECK_FALSE(open.sign("text").ok());
  }
}

// RFC 7515, appendix A.1: the key and the token of the standard's own example.
TEST_CASE("jwt_key_agrees_with_the_example_of_the_standard") {
  const auto secret = decode_base64url(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  REQUIRE(secret);
  const JwtKey key = taken(JwtKey::from_secret(*secret));
  const std::string text =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
      ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
      "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const auto signature = decode_base64url("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  REQUIRE(signature);
  CHECK(key.verify(text, *signature));
}

TEST_CASE("jwt_key_refuses_what_is_weak_or_of_another_kind") {
  const auto why = [](const Result<JwtKey>& key) {
    REQUIRE_FALSE(key.ok());
    return key.error().text;
  };
  CHECK(why(JwtKey::from_secret("short")).find("32 bytes") != std::string::npos);
  CHECK(why(JwtKey::from_secret(std::string(31, 'x'))).find("32 bytes") != std::string::npos);
  CHECK(JwtKey::from_secret(std::string(32, 'x')).ok());
  const PemPair ed("ED25519");
  CHECK(why(JwtKey::from_secret(ed.open)).find("PEM") != std::string::npos);
  CHECK_FALSE(JwtKey::from_public_pem(ed.secret).ok());
  CHECK_FALSE(JwtKey::from_private_pem(ed.open).ok());
  CHECK_FALSE(JwtKey::from_public_pem("").ok());
  CHECK_FALSE(JwtKey::from_public_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n").ok());
  CHECK_FALSE(JwtKey::from_public_pem(PemPair("RSA", nullptr, 1024).open).ok());
  CHECK_FALSE(JwtKey::from_public_pem(PemPair("EC", "P-384").open).ok());
  CHECK_FALSE(JwtKey::from_public_pem(PemPair("ED448").open).ok());
  CHECK_FALSE(JwtKey::from_public_pem(PemPair("X25519").open).ok());
}
