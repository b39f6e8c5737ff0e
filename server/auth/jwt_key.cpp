#include "auth/jwt_key.hpp"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace vuer_rtc::server {
namespace {

constexpr std::size_t kLeastSecretBytes = 32;
constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kEcHalf = 32;  // bytes of r and of s

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

template <class Thing>
using Owned = std::unique_ptr<Thing, void (*)(Thing*)>;

Error refuse(std::string_view why) { return make_error(ErrorCode::BadOperation, why); }

/// The algorithm that this kind of key is for; empty: none of ours.
std::string_view algorithm_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return EVP_PKEY_get_bits(key) >= kLeastRsaBits ? "RS256" : std::string_view{};
    case EVP_PKEY_ED25519:
      return "EdDSA";
    case EVP_PKEY_EC: {
      char group[32] = {};
      std::size_t length = 0;
      const int named = EVP_PKEY_get_group_name(key, group, sizeof group, &length);
      return named == 1 && std::string_view(group, length) == "prime256v1" ? "ES256"
                                                                           : std::string_view{};
    }
    default:
      return {};
  }
}

/// A JWT holds r and s as two numbers of 32 bytes, OpenSSL wants them in DER.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * kEcHalf) return {};
  Owned<ECDSA_SIG> parts(ECDSA_SIG_new(), ECDSA_SIG_free);
  BIGNUM* r = BN_bin2bn(bytes_of(signature), kEcHalf, nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(signature) + kEcHalf, kEcHalf, nullptr);
  if (ECDSA_SIG_set0(parts.get(), r, s) != 1) return {};
  std::uint8_t* out = nullptr;
  const int length = i2d_ECDSA_SIG(parts.get(), &out);
  std::string der(reinterpret_cast<char*>(out), static_cast<std::size_t>(length < 0 ? 0 : length));
  OPENSSL_free(out);
  return der;
}

std::string from_der(std::string_view der) {
  const std::uint8_t* at = bytes_of(der);
  Owned<ECDSA_SIG> parts(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())),
                         ECDSA_SIG_free);
  std::string out(2 * kEcHalf, '\0');
  auto* bytes = reinterpret_cast<std::uint8_t*>(out.data());
  if (!parts || BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), bytes, kEcHalf) < 0 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), bytes + kEcHalf, kEcHalf) < 0) {
    return {};
  }
  return out;
}

/// Ed25519 hashes by itself.
const EVP_MD* digest_of(std::string_view algorithm) {
  return algorithm == "EdDSA" ? nullptr : EVP_sha256();
}

}  // namespace

Result<JwtKey> JwtKey::from_secret(std::string_view secret) {
  if (secret.find("-----BEGIN") != std::string_view::npos)
    return refuse("is a PEM file, not a secret");
  if (secret.size() < kLeastSecretBytes) return refuse("a secret has at least 32 bytes");
  JwtKey key;
  key.algorithm_ = "HS256";
  key.secret_ = secret;
  return key;
}

Result<JwtKey> JwtKey::from_public_pem(std::string_view pem) { return from_pem(pem, false); }
Result<JwtKey> JwtKey::from_private_pem(std::string_view pem) { return from_pem(pem, true); }

Result<JwtKey> JwtKey::from_pem(std::string_view pem, bool is_private) {
  Owned<BIO> source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
  char no_password[] = "";  // without one OpenSSL would ask on the terminal
  EVP_PKEY* read = is_private ? PEM_read_bio_PrivateKey(source.get(), nullptr, nullptr, no_password)
                              : PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, no_password);
  JwtKey key;
  key.key_ = std::shared_ptr<EVP_PKEY>(read, EVP_PKEY_free);
  if (read == nullptr)
    return refuse(is_private ? "is not a private key in PEM form"
                             : "is not a public key in PEM form");
  key.algorithm_ = algorithm_of(read);
  if (key.algorithm_.empty())
    return refuse("is no RSA key of 2048 bits or more, no P-256 key and no Ed25519 key");
  return key;
}

Result<std::string> JwtKey::mac(std::string_view text) const {
  std::uint8_t out[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes_of(text),
           text.size(), out, &length) == nullptr) {
    return make_error(ErrorCode::Internal, "HMAC failed");
  }
  return std::string(reinterpret_cast<char*>(out), length);
}

bool JwtKey::verify(std::string_view text, std::string_view signature) const {
  if (!key_) {
    const Result<std::string> expected = mac(text);
    return expected && expected->size() == signature.size() &&
           CRYPTO_memcmp(expected->data(), signature.data(), signature.size()) == 0;
  }
  const std::string der = algorithm_ == "ES256" ? to_der(signature) : std::string(signature);
  Owned<EVP_MD_CTX> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return !der.empty() &&
         EVP_DigestVerifyInit(context.get(), nullptr, digest_of(algorithm_), nullptr, key_.get()) ==
             1 &&
         EVP_DigestVerify(context.get(), bytes_of(der), der.size(), bytes_of(text), text.size()) ==
             1;
}

Result<std::string> JwtKey::sign(std::string_view text) const {
  if (!key_) return mac(text);
  Owned<EVP_MD_CTX> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::size_t length = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
  std::string out(length, '\0');
  if (EVP_DigestSignInit(context.get(), nullptr, digest_of(algorithm_), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<std::uint8_t*>(out.data()), &length,
                     bytes_of(text), text.size()) != 1) {
    return make_error(ErrorCode::Internal, "the key cannot sign");
  }
  out.resize(length);
  return algorithm_ == "ES256" ? from_der(out) : out;
}

Result<std::string> read_key_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return refuse(path + ": cannot be read");
  const bool is_plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
  });
  while (is_plain && (text.ends_with('\n') || text.ends_with('\r'))) text.pop_back();
  return text;
}

}  // namespace vuer_rtc::server
