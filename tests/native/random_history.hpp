// Messages of several writers who hear of each other now and then, for tests of the history.
#pragma once

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "json_messages.hpp"
#include "random_ops.hpp"
#include "vuer_rtc/document.hpp"

namespace vuer_rtc::testing {

/// `hostile`: also ops that nobody's program would write.
inline std::vector<nlohmann::json> random_history(Random& random, int size, bool hostile) {
  using nlohmann::json;
  constexpr const char* kClients[] = {"x", "y", "x:1", "é"};
  std::vector<json> messages{message_of("x", 1, 1, 10, json::array({scene_op()}))};
  std::uint64_t numbers[4] = {1, 0, 0, 0};
  std::uint64_t lt = 1;
  while (static_cast<int>(messages.size()) < size) {
    const std::uint32_t who = random.below(4);
    json ops = json::array();
    for (std::uint32_t i = 1 + random.below(3); i > 0; --i) {
      const bool is_hostile = hostile && random.percent(40);
      ops.push_back(is_hostile ? hostile_op(random, kClients[who]) : random_op(random));
    }
    if (random.percent(15)) {
      const json& target = messages[random.below(static_cast<std::uint32_t>(messages.size()))];
      ops = json::array();
      ops.push_back(meta_op(random.percent(65) ? "meta.undo" : "meta.redo", target["id"]));
    }
    lt += random.below(3);
    const double ts = 10 + random.below(200);
    messages.push_back(message_of(kClients[who], ++numbers[who], lt, ts, ops));
  }
  return messages;
}

inline std::unique_ptr<Document> fold_of(const std::vector<nlohmann::json>& messages) {
  auto document = std::make_unique<Document>();
  for (const auto& message : messages) {
    const auto received = document->receive(ByteSpan(msgpack_of(message)));
    if (!received.ok()) throw std::runtime_error("fold_of: " + received.error().text);
  }
  return document;
}

/// A snapshot in which the order of inserts and texts without content do not count: those follow
/// from what lies above the line, and from who was heard of first.
inline nlohmann::json comparable(nlohmann::json snapshot) {
  nlohmann::json ropes = nlohmann::json::object();
  for (auto& [key, paths] : snapshot["textRopes"].items()) {
    for (auto& [path, rope] : paths.items()) {
      if (rope["inserts"].empty() && rope["waiting"].empty() && rope["rm"].empty()) continue;
      std::sort(rope["inserts"].begin(), rope["inserts"].end());
      std::sort(rope["waiting"].begin(), rope["waiting"].end());
      ropes[key][path] = rope;
    }
  }
  snapshot["textRopes"] = ropes;
  return snapshot;
}

inline void shuffle(Random& random, std::vector<nlohmann::json>& messages) {
  for (std::size_t i = messages.size(); i > 1; --i)
    std::swap(messages[i - 1], messages[random.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace vuer_rtc::testing
