#include "policies.hpp"

#include <algorithm>

#include "protocol/table/close_code.hpp"
#include "protocol/yjs/close_code.hpp"
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
  policy.codes = {CloseCode::kTooBig, CloseCode::kTooBig, CloseCode::kForbidden,
                  CloseCode::kRateLimit, CloseCode::kSlowReader};
  return policy;
}

net::ConnectionPolicy yjs_policy(const Config& config) {
  const Config standard;
  net::ConnectionPolicy policy = zeal_policy(config);
  const bool is_plain = config.yjs_max_message_size == standard.yjs_max_message_size &&
                        config.max_message_size != standard.max_message_size;
  policy.message_bytes = size(is_plain ? config.max_message_size : config.yjs_max_message_size);
  policy.codes.too_big = yjs::kTooBig;
  return policy;
}

net::ConnectionPolicy zeal_policy(const Config& config) {
  net::ConnectionPolicy policy;
  policy.message_bytes = size(config.max_message_size);
  policy.queue_bytes = 8u << 20;
  policy.queue_frames = 4096;
  policy.messages = rate(config.yjs_max_messages_per_second, config.yjs_max_message_burst);
  policy.auth = net::AuthMoment::AfterUpgrade;
  policy.codes = {yjs::kTooBigForZeal, yjs::kTooBigForZeal, yjs::kUnauthorized,
                  yjs::kTryLater,      yjs::kTryLater,      yjs::kMalformed};
  return policy;
}

net::ConnectionPolicy table_policy(const Config& config) {
  net::ConnectionPolicy policy;
  policy.message_bytes = size(config.table_max_message_size);
  policy.queue_bytes = 4u << 20;
  policy.queue_frames = 2000;
  policy.messages = {100, 1000};
  policy.auth = net::AuthMoment::BeforeUpgrade;
  policy.codes = {table::kTooBig, table::kTooBig, table::kForbidden, table::kTryLater,
                  table::kTryLater};
  return policy;
}

net::AddressPolicy address_policy(const Config& config) {
  constexpr double kFaultsPerMinute = 20;
  net::AddressPolicy policy;
  policy.connections = size(config.max_connections_per_address);
  policy.handshakes = rate(config.max_handshakes_per_second, config.max_handshakes_per_second);
  if (config.max_handshakes_per_second != 0)
    policy.faults = {kFaultsPerMinute / 60, kFaultsPerMinute};
  return policy;
}

}  // namespace vuer_rtc::server
