// The connections of a room: who they are, which dialect and encoding they speak, what they say
// they have.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "room/action.hpp"

namespace vuer_rtc::server {

struct Member {
  ConnectionId connection = 0;
  std::string client;
  bool compact = false;
  bool legacy = false;
  Right right = Right::Read;
  Encoding encoding = Encoding::Json;  ///< of its latest frame
  std::optional<std::uint64_t> reported_lt;
  std::uint64_t reported_seq = 0;
  std::int64_t last_news = 0;  ///< steady time of the last state, broadcast or heartbeat sent to it
  std::set<std::string>
      wanted;  ///< offered ids the room asked for: accepted from this connection once
};

class Members {
 public:
  Member& add(Member member);
  void remove(ConnectionId connection) { members_.erase(connection); }
  Member* find(ConnectionId connection);
  /// The connection of another member with this sessionId.
  std::optional<ConnectionId> connection_of(const std::string& client) const;
  std::size_t size() const { return members_.size(); }

  std::map<ConnectionId, Member>& all() { return members_; }
  const std::map<ConnectionId, Member>& all() const { return members_; }

 private:
  std::map<ConnectionId, Member>
      members_;  // ordered: the order of sends does not depend on hashing
};

}  // namespace vuer_rtc::server
