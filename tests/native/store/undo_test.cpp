// What undo() takes next, against a walk over all messages: own ones undone and brought back by
// their author, by others, by pending edits, moved, refused and folded.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

constexpr const char* kSelf = "a";

/// The messages above the line, in total order.
std::vector<json> journal(Store& store) {
  const json all = json_of(store.document().journal());
  return {all.begin(), all.end()};
}

bool has_meta(const json& message) {
  for (const json& op : message["ops"]) {
    if (op["ot"] == "meta.undo" || op["ot"] == "meta.redo") return true;
  }
  return false;
}

/// Id of the newest own message that is not undone and holds no meta op; empty when there is none.
std::string undoable(Store& store) {
  const std::vector<json> messages = journal(store);
  std::map<std::string, bool> undone;
  for (const json& message : messages) {
    for (const json& op : message["ops"]) {
      if (op["ot"] == "meta.undo" || op["ot"] == "meta.redo")
        undone[op["targetMsgId"]] = op["ot"] == "meta.undo";
    }
  }
  std::string id;
  std::uint64_t newest = 0;
  for (const json& message : messages) {
    if (message["client"] != kSelf || has_meta(message) || undone[message["id"]]) continue;
    const std::uint64_t number = message["clock"][kSelf];
    if (number <= newest) continue;
    newest = number;
    id = message["id"];
  }
  return id;
}

class Session {
 public:
  explicit Session(std::uint32_t seed) : random_(seed) { commit(store_, scene_op()); }

  void step() {
    const std::uint32_t what = random_.below(100);
    if (what < 30) return (void)commit(store_, set_op("n", 1));
    if (what < 55) return undo();
    if (what < 75) return (void)store_.redo(100).ok();
    if (what < 85) return receive_meta();
    if (what < 90) return pend_meta();
    if (what < 95) return ack();
    reject();
  }

  void compare() {
    store_.check();
    CHECK(store_.can_undo() == !undoable(store_).empty());
  }

 private:
  void undo() {
    const std::string expected = undoable(store_);
    const auto messages = sent(store_.undo(100));
    REQUIRE(messages.size() == (expected.empty() ? 0 : 1));
    if (!expected.empty()) CHECK(messages[0]["ops"][0]["targetMsgId"] == expected);
  }

  json random_meta() {
    const std::vector<json> messages = journal(store_);
    const json& target = messages[random_.below(static_cast<std::uint32_t>(messages.size()))];
    return meta_op(random_.percent(50) ? "meta.undo" : "meta.redo", target["id"]);
  }

  void receive_meta() {
    const json ops = json::array({random_meta()});
    const std::uint64_t lt = store_.lt() + random_.below(2);
    take(store_, message_of("b", ++others_, lt, 50, ops));
  }

  void pend_meta() {
    edit(store_, random_meta());
    if (random_.percent(50)) return (void)store_.cancel().ok();
    commit(store_);
  }

  /// The server gives a message another place, which lifts the later ones.
  void ack() {
    const std::vector<json> messages = unacked(store_);
    if (messages.empty()) return;
    const json& first = messages.front();
    const std::uint64_t lt =
        random_.percent(50) ? first["lt"].get<std::uint64_t>() : store_.lt() + 1;
    REQUIRE(store_.ack(first["id"].get<std::string>(), lt, ++server_seq_, kNoLine).ok());
  }

  void reject() {
    const std::vector<json> messages = unacked(store_);
    if (messages.size() < 2) return;
    REQUIRE(store_.reject(messages.back()["id"].get<std::string>()).ok());
  }

  Random random_;
  Store store_{kSelf};
  std::uint64_t others_ = 0, server_seq_ = 0;
};

}  // namespace

TEST_CASE("undo_takes_the_newest_own_message_that_is_not_undone") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Session session(seed);
    for (int step = 0; step < 80; ++step) {
      session.step();
      session.compare();
    }
  }
}
