// Bytes as a token, or as the header and the claims of one that is signed with the right key: what
// is accepted has the only possible signature, names the key's algorithm and is not over; what is
// refused says so in few words.
#include <string>

#include "auth/base64url.hpp"
#include "auth/token_check.hpp"
#include "fuzz/law.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;
using namespace vuer_rtc::server;

namespace {

constexpr std::int64_t kNow = 1'800'000'000'000;

const JwtKey& key() {
  static const JwtKey made = *JwtKey::from_secret("a secret of more than thirty-two bytes");
  return made;
}

/// Header and claims stand in the input with a zero byte between them.
std::string signed_token(std::string_view input) {
  const std::size_t zero = std::min(input.find('\0'), input.size());
  const std::string_view claims = input.substr(std::min(zero + 1, input.size()));
  const std::string text = encode_base64url(input.substr(0, zero)) + "." + encode_base64url(claims);
  return text + "." + encode_base64url(*key().sign(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string token = data[0] % 2 == 0 ? std::string(input) : signed_token(input);
  static const TokenCheck check({{key()}, "", ""});
  const Result<Grant> grant = check.check(token, kNow);
  if (!grant) {
    must(grant.error().code == ErrorCode::Forbidden, "a refusal is forbidden");
    must(grant.error().text.size() < 80, "a refusal does not repeat the token");
    return 0;
  }
  const std::size_t last = token.rfind('.');
  const std::string text = token.substr(0, last);
  must(token.substr(last + 1) == encode_base64url(*key().sign(text)), "there is one signature");
  must(grant->ends() > kNow, "what is accepted is not over");
  const auto header = decode_base64url(token.substr(0, token.find('.')));
  must(header && header->find("256") != std::string::npos, "the header names the algorithm");
  return 0;
}
