// What the network layer is told about each protocol: one table per protocol, filled from the
// configuration.
#pragma once

#include "config.hpp"
#include "net/policy.hpp"

namespace vuer_rtc::server {

/// Rooms at /ws/{room} (wire protocol, sections 1, 7 and 8).
net::ConnectionPolicy room_policy(const Config& config);
/// Both faces of Yjs rooms (endpoint specification, sections 2.2, 12 and 13).
net::ConnectionPolicy yjs_policy(const Config& config);
net::ConnectionPolicy zeal_policy(const Config& config);
/// Table channels (table endpoint specification, sections 9 and 14).
net::ConnectionPolicy table_policy(const Config& config);
net::AddressPolicy address_policy(const Config& config);

}  // namespace vuer_rtc::server
