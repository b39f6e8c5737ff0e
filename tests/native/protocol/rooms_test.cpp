// Rooms over several event loops: each has one, whoever asks; what concerns all is gathered.
#include "protocol/rooms.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <nlohmann/json.hpp>

#include "room/room_probe.hpp"
#include "storage/memory_store.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

/// Two loops that run when the test says so, and never in one another.
struct Loops {
  struct Loop {
    Loop(const StoreQueue& other, HostServices services)
        : store(other, services.post), host(store, {}, services) {}
    StoreQueue store;
    RoomHost host;
  };
  Loops()
      : queue(
            std::make_unique<MemoryStore>(), [](auto) {}, [] {}) {
    for (std::size_t at : {0, 1}) {
      const Post post = [this, at](std::function<void()> what) { posted[at].push_back(what); };
      loops.push_back(std::make_unique<Loop>(
          queue, HostServices{[] {
                                return Now{1000, 5000};
                              },
                              [] { return "epoch"; }, [] {},
                              [](std::string_view, std::int64_t) { return Grant::of_everybody(); },
                              post}));
    }
  }
  Rooms rooms() {
    return Rooms({&loops[0]->host, &loops[1]->host},
                 [this](std::size_t loop, std::function<void()> what) {
                   if (loop == current) return what();
                   posted[loop].push_back(std::move(what));
                 });
  }
  void settle() {
    while (queue.run() || !posted[0].empty() || !posted[1].empty()) {
      for (current = 0; current < 2; ++current) {
        for (auto& what : std::exchange(posted[current], {})) what();
      }
      current = 0;
    }
  }
  StoreQueue queue;
  std::size_t current = 0;
  std::deque<std::function<void()>> posted[2];
  std::vector<std::unique_ptr<Loop>> loops;
};

const json kInsert = {{"ops", json::array({insert_node("n")})}};

}  // namespace

TEST_CASE("rooms_live_on_the_loop_that_their_name_tells") {
  Loops loops;
  const Rooms rooms = loops.rooms();
  std::size_t counts[2] = {0, 0};
  int written = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string name = "room-" + std::to_string(i);
    ++counts[rooms.loop_of(name)];
    rooms.write(name, pack(kInsert), [&, home = rooms.loop_of(name)](const auto& accepted) {
      written += accepted.ok() && loops.current == home ? 1 : 0;
    });
  }
  loops.settle();
  CHECK(written == 20);
  CHECK(counts[0] > 0);
  CHECK(counts[1] > 0);
  CHECK(loops.loops[0]->host.figures().rooms == counts[0]);
  CHECK(loops.loops[1]->host.figures().rooms == counts[1]);
}

TEST_CASE("rooms_of_all_loops_are_told_together_on_the_first") {
  Loops loops;
  const Rooms rooms = loops.rooms();
  for (int i = 0; i < 20; ++i)
    rooms.write("room-" + std::to_string(i), pack(kInsert), [](const auto&) {});
  loops.settle();
  std::size_t listed = 0, counted = 0;
  rooms.list([&](const std::vector<RoomInfo>& all) {
    CHECK(loops.current == 0);
    listed = all.size();
  });
  rooms.figures([&](const HostFigures& all) {
    CHECK(loops.current == 0);
    counted = all.journal_messages;
  });
  loops.settle();
  CHECK(listed == 20);
  CHECK(counted == 20);
  int ends = 0;
  rooms.shut_down([&] { ++ends; });
  loops.settle();
  CHECK(ends == 1);
}
