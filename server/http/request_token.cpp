#include "http/request_token.hpp"

#include "auth/bearer.hpp"
#include "http/target.hpp"

namespace vuer_rtc::server {

std::string request_token(const net::Request& request) {
  const std::optional<Target> target = parse_target(request.target);
  const std::string* item = target ? target->item("token") : nullptr;
  return token_of(request.authorization, request.protocols,
                  item == nullptr ? std::string_view{} : *item);
}

}  // namespace vuer_rtc::server
