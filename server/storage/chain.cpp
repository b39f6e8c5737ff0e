#include "storage/chain.hpp"

#include <openssl/evp.h>

#include <bit>
#include <memory>

namespace vuer_rtc::server {

static_assert(std::endian::native == std::endian::little, "numbers are hashed as they lie");

ChainLink next_link(const ChainLink& before, const BatchRange& range, ByteSpan entries) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free);
  ChainLink link{};
  EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr);
  EVP_DigestUpdate(hash.get(), before.data(), before.size());
  EVP_DigestUpdate(hash.get(), &range, sizeof range);
  EVP_DigestUpdate(hash.get(), entries.data(), entries.size());
  EVP_DigestFinal_ex(hash.get(), link.data(), nullptr);
  return link;
}

}  // namespace vuer_rtc::server
