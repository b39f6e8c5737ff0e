#include "room/members.hpp"

namespace vuer_rtc::server {

Member& Members::add(Member member) {
  const ConnectionId connection = member.connection;
  return members_[connection] = std::move(member);
}

Member* Members::find(ConnectionId connection) {
  const auto at = members_.find(connection);
  return at == members_.end() ? nullptr : &at->second;
}

std::optional<ConnectionId> Members::connection_of(const std::string& client) const {
  for (const auto& [connection, member] : members_) {
    if (member.client == client) return connection;
  }
  return std::nullopt;
}

}  // namespace vuer_rtc::server
