// The awareness sequences of the vectors, ownership and time.
#include "protocol/yjs/awareness.hpp"

#include <catch2/catch.hpp>

#include "yjs/vectors.hpp"

using namespace vuer_rtc::yjs;
using nlohmann::json;

namespace {

std::vector<Presence> one(std::uint64_t client, std::uint64_t clock, std::string state) {
  return {{client, clock, std::move(state)}};
}

}  // namespace

TEST_CASE("awareness_accepts_and_forwards_like_the_clients_do") {
  for (const json& sequence : vectors()["awareness"]) {
    INFO(sequence["name"].get<std::string>());
    Awareness awareness;
    for (const json& step : sequence["steps"]) {
      const vuer_rtc::Bytes bytes = from_hex(step["update"]);
      const auto entries = read_awareness(bytes);
      REQUIRE(entries);
      const auto changed = awareness.apply(*entries, 1, 0);
      const json forward = changed.empty() ? json() : json(to_hex(write_awareness(changed)));
      CHECK(forward == step["forward"]);
      json states = json::object();
      for (const Presence& live : awareness.live())
        states[std::to_string(live.client)] = json::parse(live.state);
      CHECK(states == step["states"]);
    }
  }
}

TEST_CASE("awareness_of_a_live_client_belongs_to_one_connection") {
  Awareness awareness;
  CHECK(awareness.apply(one(11, 1, "{}"), 1, 0).size() == 1);
  CHECK(awareness.apply(one(11, 2, "null"), 2, 0).empty());
  CHECK(awareness.dropped() == 1);
  CHECK(awareness.leave(1).size() == 1);
  CHECK(awareness.live().empty());
  CHECK(awareness.apply(one(11, 2, "{}"), 2, 0).size() == 1);
}

TEST_CASE("awareness_of_one_connection_is_at_most_sixteen_clients") {
  Awareness awareness;
  for (std::uint64_t client = 1; client <= 17; client++)
    awareness.apply(one(client, 1, "{}"), 1, 0);
  CHECK(awareness.live().size() == 16);
  CHECK(awareness.dropped() == 1);
  CHECK(awareness.apply(one(99, 1, "{}"), 2, 0).size() == 1);
}

TEST_CASE("awareness_that_is_not_renewed_goes_after_thirty_seconds") {
  Awareness awareness;
  awareness.apply(one(1, 1, "{}"), 1, 0);
  awareness.apply(one(2, 1, "{}"), 1, 20'000);
  CHECK(awareness.expire(29'999).empty());
  const auto gone = awareness.expire(30'000);
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].client == 1);
  CHECK(gone[0].clock == 1);
  CHECK(gone[0].state == "null");
  CHECK(awareness.apply(one(1, 1, "{}"), 1, 30'000).empty());
  awareness.expire(4'000'000);
  CHECK(awareness.apply(one(1, 1, "{}"), 1, 4'000'000).size() == 1);
}
