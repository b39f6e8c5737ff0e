#include "auth/bearer.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cctype>

namespace vuer_rtc::server {
namespace {

constexpr std::string_view kScheme = "bearer ";
constexpr std::string_view kProtocol = "bearer.";

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool is_scheme(std::string_view text) {
  return text.size() >= kScheme.size() &&
         std::equal(kScheme.begin(), kScheme.end(), text.begin(), [](char a, char b) {
           return a == std::tolower(static_cast<unsigned char>(b));
         });
}

/// Calls `found` with each item of a comma-separated list until it says true.
template <class Found>
bool any_item(std::string_view list, Found found) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (found(trimmed(list.substr(0, end)))) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

std::string token_of(std::string_view authorization, std::string_view protocols,
                     std::string_view query) {
  authorization = trimmed(authorization);
  if (is_scheme(authorization)) return std::string(trimmed(authorization.substr(kScheme.size())));
  std::string token;
  const bool offered = any_item(protocols, [&](std::string_view item) {
    if (!item.starts_with(kProtocol)) return false;
    token = item.substr(kProtocol.size());
    return true;
  });
  return offered ? token : std::string(query);
}

bool is_same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool offers_protocol(std::string_view protocols, std::string_view name) {
  return any_item(protocols, [&](std::string_view item) {
    return item == name || item.starts_with(kProtocol);
  });
}

}  // namespace vuer_rtc::server
