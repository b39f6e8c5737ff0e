// Stores and documents driven with JSON: edits, commits, what arrives, and what stands there then.
// A call that must not fail fails the test.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "json_messages.hpp"
#include "random_ops.hpp"
#include "small_server.hpp"
#include "vuer_rtc/store.hpp"

namespace vuer_rtc::testing {

/// An op of the scene with a value.
inline nlohmann::json op_of(const char* ot, const char* path, nlohmann::json value,
                            const char* key = kSceneKey) {
  return {{"ot", ot}, {"key", key}, {"path", path}, {"value", std::move(value)}};
}

inline nlohmann::json set_op(const char* path, nlohmann::json value) {
  return op_of("number.set", path, std::move(value));
}

/// Typing into the text of the scene, and deleting there.
inline nlohmann::json typed(std::size_t position, const std::string& text) {
  nlohmann::json op = op_of("text.insert", "body", text);
  op["position"] = position;
  return op;
}

inline nlohmann::json deleted(std::size_t position, std::size_t length) {
  return {{"ot", "text.delete"},
          {"key", kSceneKey},
          {"path", "body"},
          {"position", position},
          {"length", length}};
}

inline void edit(Store& store, const nlohmann::json& op, double now = 100) {
  const Status status = store.edit(msgpack_of(op), now);
  if (!status.ok()) FAIL(op.dump() << ": " << status.error().text);
}

/// The messages that a call gave.
inline std::vector<nlohmann::json> sent(const Result<ByteSpan>& messages) {
  REQUIRE(messages.ok());
  std::vector<nlohmann::json> out;
  for (const Bytes& message : split_messages(*messages)) out.push_back(json_of(message));
  return out;
}

inline std::vector<nlohmann::json> unacked(Store& store) { return sent(ByteSpan(store.unacked())); }

/// The one message that the pending edits become.
inline nlohmann::json commit(Store& store, double now = 100) {
  const auto messages = sent(store.commit(now));
  REQUIRE(messages.size() == 1);
  return messages[0];
}

inline nlohmann::json commit(Store& store, const nlohmann::json& op) {
  edit(store, op);
  return commit(store);
}

/// A store or a document takes a message.
template <class Replica>
Received take(Replica& replica, const nlohmann::json& message) {
  const auto received = replica.receive(ByteSpan(msgpack_of(message)));
  if (!received.ok()) FAIL(received.error().text);
  replica.check();
  return *received;
}

/// The server takes what it has not acknowledged, and the store hears of each.
inline void deliver(Store& store, SmallServer& server) {
  for (const Bytes& message : split_messages(store.unacked())) {
    const auto answer = server.accept(message);
    REQUIRE(answer.error.empty());
    REQUIRE(store.ack(answer.id, answer.lt, answer.server_seq, answer.stable).ok());
  }
}

/// A property of the scene; null where there is none.
inline nlohmann::json value_at(Document& document, const char* path) {
  const Bytes bytes = document.property(kSceneKey, path);
  return bytes.empty() ? nlohmann::json() : json_of(bytes);
}

inline nlohmann::json value_at(Store& store, const char* path) {
  return value_at(store.document(), path);
}

}  // namespace vuer_rtc::testing
