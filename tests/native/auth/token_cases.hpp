// Tokens for tests: keys made on the spot, and any header and claims signed with them, also such as
// no honest issuer would write.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "auth/base64url.hpp"
#include "auth/token_check.hpp"

namespace vuer_rtc::server {

using nlohmann::json;

inline constexpr std::int64_t kTestNow = 1'800'000'000;  // seconds
inline const std::string kTestSecret = "a secret of more than thirty-two bytes";

template <class T>
T taken(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

/// A fresh key as PEM.
struct PemPair {
  explicit PemPair(const char* kind, const char* group = nullptr, unsigned bits = 2048) {
    EVP_PKEY* made = group != nullptr ? EVP_PKEY_Q_keygen(nullptr, nullptr, kind, group)
                     : std::string(kind) == "RSA"
                         ? EVP_PKEY_Q_keygen(nullptr, nullptr, kind, static_cast<size_t>(bits))
                         : EVP_PKEY_Q_keygen(nullptr, nullptr, kind);
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(made, EVP_PKEY_free);
    secret = written([&](BIO* out) {
      PEM_write_bio_PrivateKey(out, made, nullptr, nullptr, 0, nullptr, nullptr);
    });
    open = written([&](BIO* out) { PEM_write_bio_PUBKEY(out, made); });
  }
  template <class Write>
  static std::string written(Write write) {
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
    write(out.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
  }
  std::string secret, open;
};

inline json good_claims() {
  return {{"exp", kTestNow + 600}, {"rooms", {{"demo", "write"}}}, {"client", "alice"}};
}

/// Any two texts, signed.
inline std::string signed_texts(const JwtKey& key, std::string_view header,
                                std::string_view claims) {
  const std::string text = encode_base64url(header) + "." + encode_base64url(claims);
  return text + "." + encode_base64url(taken(key.sign(text)));
}

inline std::string signed_with(const JwtKey& key, const json& claims, json header = {}) {
  if (header.is_null()) header = {{"alg", key.algorithm()}, {"typ", "JWT"}};
  return signed_texts(key, header.dump(), claims.dump());
}

}  // namespace vuer_rtc::server
