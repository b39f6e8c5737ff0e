// The sessions of the vectors: every frame that each connection gets, in order. Those about the
// size of messages are run against the server, which counts it.
#include <algorithm>
#include <catch2/catch.hpp>

#include "yjs/site.hpp"
#include "yjs/vectors.hpp"

using namespace vuer_rtc::yjs;
using nlohmann::json;

namespace {

bool is_about_size(const json& session) {
  for (const json& step : session["steps"])
    if (step.contains("size")) return true;
  return false;
}

/// "<any>" stands for any string.
void check_text(const std::string& heard, const std::string& expected) {
  json found = json::parse(heard, nullptr, false);
  const json wanted = json::parse(expected);
  REQUIRE(found.is_object());
  for (const auto& [key, value] : wanted.items())
    if (value == "<any>" && found.contains(key)) found[key] = "<any>";
  CHECK(found == wanted);
}

class Script {
 public:
  explicit Script(const json& session)
      : session_(session),
        options_(session.value("options", json::object())),
        site_(of(options_)) {}

  void run() {
    for (const json& step : session_["steps"]) {
      INFO(step.dump());
      perform(step);
    }
    for (auto& [name, peer] : peers_) CHECK(peer.next() == "");
  }

 private:
  static HostOptions of(const json& options) {
    HostOptions host;
    host.max_members = options.value("maxClientsPerRoom", std::size_t{100});
    host.max_rooms = options.value("maxRooms", std::size_t{1000});
    return host;
  }

  void open(const std::string& name) {
    const std::string path = session_["path"];
    FakePeer& peer = peers_[name];
    if (path == "/ws") {
      ids_[name] = site_.open_zeal(peer);
      return;
    }
    const json readers = options_.value("readOnly", json::array());
    const bool may_write = std::find(readers.begin(), readers.end(), name) == readers.end();
    ids_[name] = site_.open("room-1", peer, path.find("echo=1") != std::string::npos, may_write);
  }

  void perform(const json& step) {
    if (step.contains("open")) return open(step["open"]);
    if (step.contains("waitSeconds"))
      return site_.advance(step["waitSeconds"].get<std::int64_t>() * 1000);
    if (step.contains("drop")) {
      site_.drop(ids_.at(step["drop"]));
      peers_.erase(step["drop"].get<std::string>());
    } else if (step.contains("from")) {
      const ConnectionId id = ids_.at(step["from"]);
      step.contains("text") ? site_.say_text(id, step["text"]) : site_.say(id, step["bytes"]);
    } else if (step.contains("silent")) {
      CHECK(peers_.at(step["silent"]).next() == "");
    } else if (step.contains("closed")) {
      CHECK(peers_.at(step["closed"]).code == step["code"]);
      CHECK(peers_.at(step["closed"]).reason == step["reason"]);
      site_.drop(ids_.at(step["closed"]));
    } else if (step.contains("bytes")) {
      CHECK(peers_.at(step["to"]).next() == step["bytes"]);
    } else {
      check_text(peers_.at(step["to"]).next(), step["text"]);
    }
  }

  const json& session_;
  json options_;
  Site site_;
  std::map<std::string, FakePeer> peers_;
  std::map<std::string, ConnectionId> ids_;
};

}  // namespace

TEST_CASE("sessions_say_what_the_vectors_say") {
  for (const json& session : vectors()["sessions"]) {
    if (is_about_size(session)) continue;
    INFO(session["name"].get<std::string>());
    Script(session).run();
  }
}
