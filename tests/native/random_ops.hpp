// Random operations for tests: every kind of the registry, on few keys and paths so that they meet.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tests/replicas/random.hpp"

namespace vuer_rtc::testing {

/// The node that most histories have as their root.
inline constexpr const char* kSceneKey = "scene";

/// The insert of that node.
nlohmann::json scene_op();
/// One op that makes some sense: value, node or text op, text by position.
nlohmann::json random_op(Random& random);
nlohmann::json random_value_op(Random& random);
nlohmann::json random_node_op(Random& random);
nlohmann::json random_text_op(Random& random);
/// One op that nobody's program would write: wrong types, odd keys, text ids out of the air.
nlohmann::json hostile_op(Random& random, const std::string& client);
/// One of the keys the ops speak of.
std::string random_key(Random& random);

/// A text insert of named units into the text "body" of the scene; anchor null: at its start.
nlohmann::json insert_op(const std::string& id, nlohmann::json anchor, const std::string& content,
                         std::uint64_t seq = 1);
/// A whole message around ops.
nlohmann::json message_of(const std::string& client, std::uint64_t number, std::uint64_t lt,
                          double ts, nlohmann::json ops);
/// An undo or redo of a message.
nlohmann::json meta_op(std::string_view ot, const std::string& target);

}  // namespace vuer_rtc::testing
