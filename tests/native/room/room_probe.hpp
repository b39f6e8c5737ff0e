// A room on an instant disk, spoken to in JSON: messages made from few words, frames read back as
// JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "room/instant.hpp"

namespace vuer_rtc::server {

using nlohmann::json;

inline Bytes pack(const json& value) { return json::to_msgpack(value); }

/// A message with one property set on the root-to-be "n" (or the ops given).
inline json words(const std::string& client, std::uint64_t number, std::uint64_t lt,
                  json ops = json::array()) {
  if (ops.empty()) ops = {{{"ot", "number.set"}, {"key", "n"}, {"path", "x"}, {"value", number}}};
  return {{"id", client + ":" + std::to_string(lt)},
          {"client", client},
          {"clock", {{client, number}}},
          {"lt", lt},
          {"ts", 1000 + number},
          {"ops", std::move(ops)}};
}

inline json insert_node(const std::string& key) {
  return {{"ot", "node.insert"},
          {"key", ""},
          {"path", "children"},
          {"value", {{"key", key}, {"tag", "box"}}}};
}

/// What one connection was told, oldest first. A close is {"closed": code}.
inline std::vector<json> told(const std::vector<Delivered>& all, ConnectionId to) {
  std::vector<json> frames;
  for (const Delivered& one : all) {
    if (one.to != to) continue;
    frames.push_back(one.frame ? json::from_msgpack(one.frame->bytes) : json{{"closed", one.code}});
  }
  return frames;
}

inline Join joining(const std::string& client, bool compact = true) {
  Join join;
  join.client = client;
  join.compact = compact;
  join.encoding = Encoding::MessagePack;
  return join;
}

/// One room with alice on connection 1 and bob on 2; both have had their state.
struct Pair {
  explicit Pair(const RoomOptions& options = {}, bool compact = true) : server(options) {
    server.join(1, joining("alice", compact));
    server.join(2, joining("bob", compact));
    server.take();
  }
  /// Sends a message and gives what its author was told.
  std::vector<json> say(ConnectionId from, const json& message) {
    server.crdt(from, pack(message));
    heard = server.take();
    return told(heard, from);
  }
  InstantRoom server;
  std::vector<Delivered> heard;  // by everybody, at the last say()
};

}  // namespace vuer_rtc::server
