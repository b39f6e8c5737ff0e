#include "auth/base64url.hpp"

#include <algorithm>

#include "protocol/base64.hpp"

namespace vuer_rtc::server {

std::string encode_base64url(std::string_view bytes) {
  std::string out;
  append_base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, out);
  while (out.ends_with('=')) out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  const auto bytes = decode_base64(standard);
  if (!bytes) return std::nullopt;
  std::string out(bytes->begin(), bytes->end());
  return encode_base64url(out) == text ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace vuer_rtc::server
