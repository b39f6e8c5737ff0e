// The change feed against a slow mirror that knows nothing but the records.
#include <catch2/catch.hpp>
#include <vector>

#include "json_messages.hpp"
#include "mirror.hpp"
#include "random_ops.hpp"
#include "small_server.hpp"
#include "vuer_rtc/store.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

/// One watched store, two others that write too, and a server between them.
class World {
 public:
  explicit World(std::uint32_t seed) : random_(seed), watched_("w"), north_("n"), south_("s:1") {
    edit(north_, scene_op());
    send(north_);
  }

  /// One random thing happens; afterwards the mirror must equal the document.
  void step() {
    now_ += random_.below(3);
    const std::uint32_t what = random_.below(100);
    if (what < 35) {
      edit(watched_, random_op(random_));
    } else if (what < 43) {
      REQUIRE(watched_.commit(now_).ok());
    } else if (what < 45) {
      REQUIRE(watched_.cancel().ok());
    } else if (what < 60) {
      others_write();
    } else if (what < 75) {
      hear();
    } else if (what < 80) {
      REQUIRE(watched_.undo(now_).ok());
    } else if (what < 83) {
      REQUIRE(watched_.redo(now_).ok());
    } else if (what < 90) {
      send(watched_);
    } else if (what < 92) {
      server_.raise_line(static_cast<std::int64_t>(server_.top()) - random_.below(6));
    } else if (what < 94) {
      REQUIRE(watched_.compact().ok());
    } else if (what < 95) {
      reload();
    } else if (what < 96) {
      refuse();
    } else {
      hear_late_place();
    }
  }

  void compare() {
    watched_.check();
    mirror_.apply(watched_.take_changes());
    const json expected = json_of(watched_.document().graph());
    if (mirror_.graph() == expected) return;
    FAIL("the mirror would need " << json::diff(mirror_.graph(), expected).dump(1));
  }

  void compare_fresh_mirror() {
    Mirror fresh;
    fresh.apply(watched_.all_changes());
    CHECK(fresh.graph() == json_of(watched_.document().graph()));
    CHECK(fresh.resets == 1);
    mirror_ = fresh;
  }

  const Mirror& mirror() const { return mirror_; }

 private:
  void edit(Store& store, const json& op) { REQUIRE(store.edit(msgpack_of(op), now_).ok()); }

  void send(Store& store) {
    REQUIRE(store.commit(now_).ok());
    for (const Bytes& message : split_messages(store.unacked())) {
      if (&store == &watched_ && random_.percent(15)) return;
      const auto answer = server_.accept(message);
      REQUIRE(answer.error.empty());
      REQUIRE(store.ack(answer.id, answer.lt, answer.server_seq, answer.stable).ok());
    }
  }

  void others_write() {
    Store& store = random_.percent(50) ? north_ : south_;
    for (const Bytes& message : server_.history()) {
      if (random_.percent(70)) REQUIRE(store.receive(ByteSpan(message)).ok());
    }
    for (std::uint32_t i = random_.below(4); i > 0; --i) edit(store, random_op(random_));
    if (random_.percent(20)) REQUIRE(store.undo(now_).ok());
    if (random_.percent(10)) REQUIRE(store.redo(now_).ok());
    send(store);
  }

  /// Messages arrive in any order, some of them again.
  void hear() {
    for (std::uint32_t i = random_.below(6); i > 0 && server_.count() > 0; --i) {
      const auto at = random_.below(static_cast<std::uint32_t>(server_.count()));
      REQUIRE(watched_.receive(ByteSpan(server_.history()[at])).ok());
    }
  }

  /// A message of nobody's store lands far up: what is pending or unsent now lies below it.
  void hear_late_place() {
    const std::uint64_t lt = watched_.lt() + random_.below(5);
    ++strangers_;
    const json message = message_of("x", strangers_, lt, now_, json::array({random_op(random_)}));
    const auto answer = server_.accept(msgpack_of(message));
    REQUIRE(answer.error.empty());
    REQUIRE(watched_.receive(ByteSpan(answer.fresh)).ok());
  }

  void reload() {
    const auto state = server_.state();
    REQUIRE(watched_.load(state.snapshot, state.journal, state.server_seq, state.stable).ok());
  }

  void refuse() {
    REQUIRE(watched_.commit(now_).ok());
    const auto mine = split_messages(watched_.unacked());
    if (mine.empty()) return;
    const auto at = random_.below(static_cast<std::uint32_t>(mine.size()));
    REQUIRE(watched_.reject(json_of(mine[at])["id"].get<std::string>()).ok());
  }

  Random random_;
  SmallServer server_;
  Store watched_, north_, south_;
  Mirror mirror_;
  double now_ = 1000;
  std::uint64_t strangers_ = 0;
};

}  // namespace

TEST_CASE("feed_mirror_equals_the_document_after_every_step_of_a_long_history") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    World world(seed);
    for (int step = 0; step < 150; ++step) {
      INFO("step " << step);
      world.step();
      world.compare();
    }
    world.compare_fresh_mirror();
  }
}

TEST_CASE("feed_mirror_equals_the_document_when_it_looks_seldom") {
  for (std::uint32_t seed = 1001; seed <= 1060; ++seed) {
    INFO("seed " << seed);
    World world(seed);
    for (int step = 0; step < 150; ++step) {
      INFO("step " << step);
      world.step();
      if (step % 17 == 0) world.compare();
      if (step % 50 == 49) world.compare_fresh_mirror();
    }
    world.compare();
  }
}
