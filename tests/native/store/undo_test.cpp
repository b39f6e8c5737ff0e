// What undo() takes next, against a walk over all messages: own ones undone and brought back by
// their author, by others, by pending edits, moved, refused and folded.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "json_messages.hpp"
#include "random_ops.hpp"
#include "small_server.hpp"
#include "vuer_rtc/store.hpp"

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
  explicit Session(std::uint32_t seed) : random_(seed) { edit(scene_op()); }

  void step() {
    const std::uint32_t what = random_.below(100);
    if (what < 30) return edit(number_set());
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
  static json number_set() {
    return {{"ot", "number.set"}, {"key", "scene"}, {"path", "n"}, {"value", 1}};
  }

  void edit(const json& op) {
    REQUIRE(store_.edit(msgpack_of(op), 100).ok());
    REQUIRE(store_.commit(100).ok());
  }

  void undo() {
    const std::string expected = undoable(store_);
    const auto sent = store_.undo(100);
    REQUIRE(sent.ok());
    if (expected.empty()) {
      CHECK(sent->empty());
      return;
    }
    CHECK(json_of(Bytes(sent->begin(), sent->end()))["ops"][0]["targetMsgId"] == expected);
  }

  json random_meta() {
    const std::vector<json> messages = journal(store_);
    const json& target = messages[random_.below(static_cast<std::uint32_t>(messages.size()))];
    return meta_op(random_.percent(50) ? "meta.undo" : "meta.redo", target["id"]);
  }

  void receive_meta() {
    json ops = json::array();
    ops.push_back(random_meta());
    const std::uint64_t lt = store_.lt() + random_.below(2);
    const json message = message_of("b", ++others_, lt, 50, ops);
    REQUIRE(store_.receive(msgpack_of(message)).ok());
  }

  void pend_meta() {
    REQUIRE(store_.edit(msgpack_of(random_meta()), 100).ok());
    if (random_.percent(50)) return (void)store_.cancel().ok();
    REQUIRE(store_.commit(100).ok());
  }

  /// The server gives a message another place, which lifts the later ones.
  void ack() {
    const std::vector<Bytes> unacked = split_messages(store_.unacked());
    if (unacked.empty()) return;
    const json first = json_of(unacked.front());
    const std::uint64_t lt =
        random_.percent(50) ? first["lt"].get<std::uint64_t>() : store_.lt() + 1;
    REQUIRE(store_.ack(first["id"].get<std::string>(), lt, ++server_seq_, kNoLine).ok());
  }

  void reject() {
    const std::vector<Bytes> unacked = split_messages(store_.unacked());
    if (unacked.size() < 2) return;
    REQUIRE(store_.reject(json_of(unacked.back())["id"].get<std::string>()).ok());
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
