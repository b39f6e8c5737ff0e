#include "policies.hpp"

#include <algorithm>

#include "room/action.hpp"

namespace vuer_rtc::server {
namespace {

std::size_t size(std::int64_t flag) { return static_cast<std::size_t>(flag); }

net::Rate rate(std::int64_t per_second, std::int64_t burst) {
  return {static_cast<double>(per_second), static_cast<double>(burst)};
}

}  // namespace

net::ConnectionPolicy room_policy(const Config& config) {
  net::ConnectionPolicy policy;
  policy.message_bytes = size(config.max_message_size);
  policy.queue_bytes = size(config.queue_bytes);
  policy.queue_frames = size(config.queue_frames);
  policy.messages = rate(config.max_messages_per_second, config.max_message_burst);
  policy.bytes = rate(config.max_bytes_per_second,
                      std::max(config.max_bytes_per_second, config.max_message_size));
  policy.auth = net::AuthMoment::AfterUpgrade;
  policy.codes = {CloseCode::kTooBig, CloseCode::kForbidden, CloseCode::kRateLimit,
                  CloseCode::kSlowReader};
  return policy;
}

net::AddressPolicy address_policy(const Config& config) {
  return {size(config.max_connections_per_address),
          rate(config.max_handshakes_per_second, config.max_handshakes_per_second)};
}

}  // namespace vuer_rtc::server
