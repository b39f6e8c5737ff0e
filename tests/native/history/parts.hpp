// The parts of a history put together by hand, and a whole history that takes JSON: for the tests
// of this folder.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "history/history.hpp"
#include "json_messages.hpp"
#include "random_ops.hpp"

namespace vuer_rtc::testing {

/// An op of the node "n" with a value.
inline nlohmann::json op_on(const char* ot, const char* path, nlohmann::json value) {
  return {{"ot", ot}, {"key", "n"}, {"path", path}, {"value", std::move(value)}};
}

/// Units for the text "t" of the node "n"; anchor null: at its start.
inline nlohmann::json insert_on(const std::string& id, nlohmann::json anchor,
                                const std::string& content, std::uint64_t seq = 1) {
  nlohmann::json op = insert_op(id, std::move(anchor), content, seq);
  op["key"] = "n";
  op["path"] = "t";
  return op;
}

/// An op of the tree, with the parent that it names.
inline nlohmann::json node_op(const char* ot, const char* parent, nlohmann::json value) {
  return {{"ot", ot}, {"key", parent}, {"path", "children"}, {"value", std::move(value)}};
}

/// Brings the node "n".
inline nlohmann::json node_message() {
  const auto op = node_op("node.insert", "", {{"key", "n"}});
  return message_of("a", 1, 1, 101, nlohmann::json::array({op}));
}

inline void add_pending(History& history, const nlohmann::json& op) {
  const Bytes bytes = msgpack_of(op);
  MsgReader reader{ByteSpan(bytes)};
  Operation decoded;
  REQUIRE(decode_operation(reader, decoded));
  history.add_pending(decoded);
}

/// Messages of one op each, and what a history keeps of them; the test plays the history.
struct Parts {
  Messages messages;
  Graph graph{messages};
  Texts texts{messages, graph};
  SlotLogs slots{messages, graph, texts};
  TreeLog tree{messages, graph};

  Place put(const std::string& client, std::uint64_t lt, const nlohmann::json& op, double ts) {
    const auto ops = nlohmann::json::array({op});
    return Place{put_message(message_of(client, ++written_, lt, ts, ops)), 0};
  }
  Place put(const std::string& client, std::uint64_t lt, const nlohmann::json& op) {
    return put(client, lt, op, 100.0 + static_cast<double>(lt));
  }
  MessageIndex put_message(const nlohmann::json& message) {
    const Bytes bytes = msgpack_of(message);
    MsgReader reader{ByteSpan(bytes)};
    MessageView view;
    const Status status = decoder_.decode(reader, Limits{}, Strictness::Fold, view);
    if (!status.ok()) FAIL(status.error().text);
    return messages.add(view);
  }
  Operation op_at(Place place) const {
    Operation op;
    decode_at(messages, place, op);
    return op;
  }
  /// A living node that a snapshot brought.
  NodeId load_node(const char* key) {
    const NodeId id = graph.node_id(key);
    const Bytes no_clock{0x80};
    graph.load_node(id, 0, no_clock);
    return id;
  }
  SlotId slot(const char* key, const char* path) {
    return graph.slot_id(graph.node_id(key), graph.paths().intern(path));
  }
  void check() const {
    graph.check();
    slots.check();
    tree.check();
    texts.check();
  }

 private:
  MessageDecoder decoder_;
  std::uint64_t written_ = 0;
};

inline nlohmann::json shown(const Value& value) {
  if (value.is_missing()) return "(missing)";
  Bytes bytes;
  value.write_wire(bytes);
  return json_of(bytes);
}

/// A history that takes messages as JSON.
struct Written {
  History history{Limits{}};

  MessageIndex take(const nlohmann::json& message) {
    const Bytes bytes = msgpack_of(message);
    MsgReader reader{ByteSpan(bytes)};
    const Status status = decoder_.decode(reader, Limits{}, Strictness::Fold, view);
    if (!status.ok()) FAIL(status.error().text);
    return history.add(view);
  }
  nlohmann::json graph() {
    Bytes out;
    history.write_graph(out);
    return json_of(out);
  }
  nlohmann::json node(const char* key) { return graph()["nodes"][key]; }
  nlohmann::json texts() {
    Bytes out;
    history.write_texts(out);
    return json_of(out);
  }
  nlohmann::json snapshot() {
    Bytes out;
    history.write_snapshot(RopeForm::Plain, out);
    return json_of(out);
  }

  MessageView view;

 private:
  MessageDecoder decoder_;
};

/// Equal in everything that a reader can see.
inline void require_same(Written& a, Written& b) {
  REQUIRE(a.graph() == b.graph());
  REQUIRE(a.texts() == b.texts());
  REQUIRE(a.history.digest() == b.history.digest());
}

}  // namespace vuer_rtc::testing
