#include "room/presence.hpp"

namespace vuer_rtc::server {

void Presence::set(const std::string& client, ConnectionId connection, Bytes state,
                   std::int64_t now) {
  if (state.empty() && !values_.contains(client)) return;
  values_[client] = {connection, std::move(state), true, now};
  dirty_ = true;
}

void Presence::heartbeat(const std::string& client, std::int64_t now) {
  const auto at = values_.find(client);
  if (at != values_.end()) at->second.seen = now;
}

void Presence::remove(Value& value) {
  value.state.clear();
  value.dirty = dirty_ = true;
}

void Presence::drop(ConnectionId connection) {
  for (auto& [client, value] : values_) {
    if (value.connection == connection) remove(value);
  }
}

void Presence::expire(std::int64_t now) {
  for (auto& [client, value] : values_) {
    if (!value.state.empty() && now - value.seen >= kPresenceTimeout) remove(value);
  }
}

std::vector<Presence::Change> Presence::take_changes(std::int64_t now) {
  std::vector<Change> changes;
  if (!dirty_ || now - last_taken_ < kPresenceGather) return changes;
  for (auto at = values_.begin(); at != values_.end();) {
    Value& value = at->second;
    if (value.dirty) changes.push_back({at->first, value.connection, value.state});
    value.dirty = false;
    at = value.state.empty() ? values_.erase(at) : std::next(at);
  }
  dirty_ = false;
  last_taken_ = now;
  return changes;
}

std::vector<Presence::Change> Presence::current() const {
  std::vector<Change> changes;
  for (const auto& [client, value] : values_) {
    if (!value.state.empty()) changes.push_back({client, value.connection, value.state});
  }
  return changes;
}

}  // namespace vuer_rtc::server
