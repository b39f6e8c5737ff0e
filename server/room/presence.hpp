// Who is here and what they point at: the latest value per client, never stored. Changes are
// gathered for 33 ms, and a value goes with its connection or 45 s after the last heartbeat.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "room/action.hpp"

namespace vuer_rtc::server {

inline constexpr std::size_t kMaxPresenceBytes = 16 * 1024;
inline constexpr std::int64_t kPresenceGather = 33;       ///< milliseconds
inline constexpr std::int64_t kPresenceTimeout = 45'000;  ///< milliseconds

class Presence {
 public:
  struct Change {
    std::string client;
    ConnectionId connection = 0;  ///< it set the value and need not be told
    Bytes state;                  ///< empty: gone
  };

  /// An empty state removes the value. Times are steady milliseconds.
  void set(const std::string& client, ConnectionId connection, Bytes state, std::int64_t now);
  void heartbeat(const std::string& client, std::int64_t now);
  void drop(ConnectionId connection);
  void expire(std::int64_t now);

  bool has_changes() const { return dirty_; }
  /// The changes since the last call, when they were gathered long enough.
  std::vector<Change> take_changes(std::int64_t now);
  std::vector<Change> current() const;

 private:
  struct Value {
    ConnectionId connection = 0;
    Bytes state;
    bool dirty = false;
    std::int64_t seen = 0;
  };
  void remove(Value& value);
  std::map<std::string, Value> values_;
  bool dirty_ = false;
  std::int64_t last_taken_ = -kPresenceGather;
};

}  // namespace vuer_rtc::server
