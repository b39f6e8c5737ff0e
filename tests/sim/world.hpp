// One seed: a server, people, a network, a disk, and what happens to them. At the end everything is
// good again, and all must agree.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/person.hpp"
#include "sim/scenario.hpp"
#include "sim/server_process.hpp"
#include "sim/storage.hpp"
#include "sim/stranger.hpp"

namespace vuer_rtc::sim {

struct Setting {
  const Scenario* scenario = nullptr;
  std::uint32_t seed = 1;
  bool readable = false;            ///< print the trace
  std::int64_t work_time = 40'000;  ///< virtual milliseconds of work and weather
  Planted planted = Planted::Nothing;
};

struct Counts {
  std::size_t messages = 0, snapshots = 0, events = 0, comparisons = 0;
  std::uint64_t starts = 0, moved = 0, resent = 0, recommitted = 0;
  std::int64_t time = 0;  ///< virtual milliseconds
};

class World {
 public:
  World(const Setting& setting,
        std::unique_ptr<Storage> (*make_disk)(std::uint32_t, Trace&, Ledger&));
  ~World();

  /// From the first edit to the verdict: what went wrong, or nothing.
  std::string run();
  std::string hash() const { return trace_.hash(); }
  Counts counts();
  /// Every accepted message, by serverSeq, and the room's document at the end.
  std::vector<Bytes> history() const { return ledger_.history(); }
  server::Room& room() { return *room_; }

 private:
  friend class Disasters;
  void people_and_strangers();
  void end_process(bool power);
  void start_later();
  void after_store();
  bool run_until(std::int64_t end);
  void calm_down();
  bool settled();
  void judge();
  void judge_digests();
  void judge_restart();
  bool look_at_room();

  Setting setting_;
  Random random_;
  Timeline timeline_;
  Trace trace_;
  Ledger ledger_;
  Network network_;
  std::unique_ptr<Storage> storage_;
  std::unique_ptr<ServerProcess> server_;
  std::vector<std::unique_ptr<Person>> people_;
  std::vector<std::unique_ptr<Stranger>> strangers_;
  std::unique_ptr<class Disasters> disasters_;
  server::Room* room_ = nullptr;  // settled, of the running process; at the end
  std::uint64_t starts_ = 0, steps_ = 0;
  bool calm_ = false;
};

}  // namespace vuer_rtc::sim
