// The store under a disk that lies, breaks and fills up: every case ends with what was acknowledged
// or with a fault that is said. The numbers are those of the table of faults that the server must
// survive (F2, F3, F5, F12).
//
//   disk_faults [--long] [--seed N] [--only F3] [--counts FILE]
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "faults/disk_world.hpp"
#include "replicas/random.hpp"

namespace vuer_rtc::faults {
namespace {

using sim::Trouble;

constexpr const char* kDatabase = "rooms.db";
constexpr const char* kLog = "rooms.db-wal";
constexpr const char* kMark = "rooms.db-mark";

struct Plan {
  bool is_long = false;
  std::uint32_t seed = 1;
};

struct Tally {
  std::uint64_t cases = 0, wrong = 0;
  std::string note;
  void check(bool right, const std::function<std::string()>& what) {
    ++cases;
    if (right) return;
    if (++wrong <= 5) std::printf("  wrong: %s\n", what().c_str());
  }
};

/// Half of the data in the database, half in its log, and the process was killed.
std::vector<State> written_disk(DiskWorld& world) {
  std::vector<State> states;
  world.open();
  for (int i = 0; i < 24; ++i) world.commit_next();
  world.commit_snapshot("north");
  world.close();
  states.push_back(world.told());
  world.open();
  for (int i = 0; i < 14; ++i) {
    if (i == 6) world.commit_snapshot("south");
    if (i == 6) states.push_back(world.told());
    world.commit_next();
    states.push_back(world.told());
  }
  world.kill();
  world.disk().keep_backup();
  return states;
}

bool is_one_of(const Start& start, const std::vector<State>& states) {
  for (const State& state : states) {
    bool same = true;
    for (const auto& [room, content] : start.rooms)
      same = same && content && *content == state.at(room);
    if (same) return true;
  }
  return false;
}

/// Each room is whole or says what is wrong; `why` must be in what it says.
bool is_whole_or_says(const Start& start, const State& whole, std::string_view why) {
  for (const auto& [room, content] : start.rooms) {
    if (content ? *content != whole.at(room) : content.error().text.find(why) == std::string::npos)
      return false;
  }
  return true;
}

std::string words_of(const Start& start) {
  std::string out;
  for (const auto& [room, content] : start.rooms)
    out += room + ": " + (content ? "loads" : content.error().text) + "  ";
  return out;
}

/// The log cut at every byte: without marks an earlier state, with marks never a shorter one.
Tally torn_tail(const Plan& plan) {
  Tally tally;
  DiskWorld world(plan.seed);
  const std::vector<State> states = written_disk(world);
  const std::size_t size = world.disk().find(kLog)->now.size();
  const std::size_t tail = std::min<std::size_t>(size, 64 << 10);
  for (std::size_t cut = 0; cut <= tail; cut += plan.is_long || cut < 256 ? 1 : 67) {
    const auto say = [&](const Start& start) {
      return [&start, cut] { return std::to_string(cut) + " bytes cut: " + words_of(start); };
    };
    for (const bool marked : {true, false}) {
      world.disk().restore_backup();
      world.disk().find(kLog)->now.resize(size - cut);
      if (!marked) world.disk().remove(kMark);
      const Start start = world.start();
      tally.check(
          marked ? is_whole_or_says(start, states.back(), "mark") : is_one_of(start, states),
          say(start));
    }
  }
  tally.note = "log of " + std::to_string(size) + " bytes";
  return tally;
}

/// A bit of the database or its log is another one.
Tally bit_rot(const Plan& plan) {
  Tally tally;
  DiskWorld world(plan.seed);
  const State whole = written_disk(world).back();
  std::uint64_t said = 0;
  const auto flip = [&](const char* file, std::size_t bit) {
    world.disk().restore_backup();
    world.disk().find(file)->now[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    const Start start = world.start();
    for (const auto& [room, content] : start.rooms) said += content ? 0 : 1;
    tally.check(is_whole_or_says(start, whole, ""), [&] {
      return std::string(file) + " bit " + std::to_string(bit) + ": " + words_of(start);
    });
  };
  const std::size_t log_bits = world.disk().find(kLog)->now.size() * 8;
  const std::size_t database_bits = world.disk().find(kDatabase)->now.size() * 8;
  const std::size_t last = 8 * 8192;
  for (std::size_t bit = 0; bit < last; bit += plan.is_long ? 1 : 61)
    flip(kLog, log_bits - last + bit);
  testing::Random random(plan.seed);
  for (int i = 0; i < (plan.is_long ? 10'000 : 1'000); ++i) {
    const bool in_log = random.percent(50);
    flip(in_log ? kLog : kDatabase,
         random.below(static_cast<std::uint32_t>(in_log ? log_bits : database_bits)));
  }
  tally.note = std::to_string(said) + " rooms said so, the other bits meant nothing";
  return tally;
}

/// Commits one after the other on a disk with one fault; after it the process goes on. At the end
/// the power goes, and what was told is there.
bool survives(DiskWorld& world, const std::function<void()>& plant, int commits, bool& struck) {
  if (!world.open()) return false;
  for (int i = 0; i < 4; ++i) world.commit_next();
  plant();
  for (int i = 0; i < commits; ++i) {
    const bool done = i % 9 == 8 ? world.commit_snapshot("north") : world.commit_next();
    if (done) continue;
    struck = true;
    if (world.disk().wants_end()) break;
    bool settled = world.settle();
    for (int tries = 0; !settled && tries < 3; ++tries) settled = world.settle();
    if (!settled) return false;
  }
  world.kill();
  world.disk().lose_power();
  if (!world.open() || !world.settle()) return false;
  const bool works = world.commit_next();
  world.close();
  return works;
}

Tally failing_calls(const Plan& plan) {
  Tally tally;
  std::uint64_t felt = 0;
  constexpr Trouble kTroubles[] = {Trouble::Error, Trouble::Full, Trouble::ShortWrite,
                                   Trouble::SyncFails};
  for (const Trouble trouble : kTroubles) {
    for (std::uint32_t call = 1; call <= 500; call += plan.is_long ? 1 : 3) {
      DiskWorld world(plan.seed + call);
      bool struck = false;
      const bool right = survives(
          world, [&] { world.disk().arm(trouble, call); }, 40, struck);
      felt += struck ? 1 : 0;
      tally.check(right, [&] {
        return "trouble " + std::to_string(static_cast<int>(trouble)) + " at call " +
               std::to_string(call);
      });
    }
  }
  tally.note = std::to_string(felt) + " of them failed a commit";
  return tally;
}

/// A disk that is full for a while takes nothing, gives everything, and works again without a new
/// start.
Tally full_disk(const Plan& plan) {
  Tally tally;
  for (std::uint32_t i = 0; i < (plan.is_long ? 200u : 20u); ++i) {
    DiskWorld world(plan.seed + i);
    bool right = world.open();
    for (std::uint32_t j = 0; j < 4 + i; ++j) right = right && world.commit_next();
    world.disk().set_full(true);
    int refused = 0;
    // The log's own room is written again first.
    for (int j = 0; j < 1000 && refused < 5 && right; ++j) {
      if (world.commit_next()) continue;
      ++refused;
      right = world.settle();
    }
    world.disk().set_full(false);
    right = right && refused > 0 && world.commit_next() && world.settle();
    tally.check(right, [&] { return "disk full after " + std::to_string(4 + i) + " commits"; });
    world.close();
  }
  return tally;
}

/// The machine ends at each I/O call of a snapshot, and of the copying back of the log after it.
Tally crash_in_compaction(const Plan& plan) {
  Tally tally;
  std::uint32_t points = 0;
  for (const Trouble trouble : {Trouble::PowerCut, Trouble::Kill}) {
    bool reached = true;
    for (std::uint32_t call = 1; reached; ++call) {
      for (std::uint32_t i = 0; i < (plan.is_long ? 100u : 5u); ++i) {
        DiskWorld world(plan.seed + i * 1000 + call);
        world.open();
        for (int j = 0; j < 12; ++j) world.commit_next();
        world.disk().arm(trouble, call);
        world.commit_snapshot("south");
        if (!world.disk().wants_end()) world.close();
        reached = world.disk().wants_end();
        const bool power_cut = world.disk().power_is_gone();
        world.kill();
        if (power_cut) world.disk().lose_power();
        const bool right = world.open() && world.settle() && world.commit_next();
        tally.check(right, [&] { return "the machine ends at call " + std::to_string(call); });
        world.close();
      }
      points = std::max(points, call);
    }
  }
  tally.note = std::to_string(points) + " points";
  return tally;
}

struct Row {
  const char* name;
  const char* what;
  const char* bar;
  Tally (*run)(const Plan&);
};

constexpr Row kRows[] = {
    {"F2", "log cut at each byte of its last 64 KiB", "65,536 cuts, 0 wrong", torn_tail},
    {"F3", "bits of log and database turned over", "75,536 bits, 0 silent", bit_rot},
    {"F5", "one failing call, the first 500, 4 kinds", "2,000 calls, 0 lost", failing_calls},
    {"F5", "full disk for a while", "0 lost, works again", full_disk},
    {"F12", "the machine ends inside a compaction", ">= 20 points x 100, 0 lost",
     crash_in_compaction},
};

int run(const Plan& plan, std::string_view only, const std::string& counts) {
  int passed = 0, failed = 0;
  for (const Row& row : kRows) {
    if (!only.empty() && only != row.name) continue;
    const Tally tally = row.run(plan);
    const bool right = tally.wrong == 0 && tally.cases > 0;
    (right ? passed : failed)++;
    std::printf("%-4s %-42s %8llu cases %6llu wrong   bar: %s   %s\n", row.name, row.what,
                static_cast<unsigned long long>(tally.cases),
                static_cast<unsigned long long>(tally.wrong), row.bar, tally.note.c_str());
    std::fflush(stdout);
  }
  if (!counts.empty())
    std::ofstream(counts) << "{\"passed\": " << passed << ", \"failed\": " << failed << "}\n";
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace vuer_rtc::faults

int main(int count, char** arguments) {
  vuer_rtc::faults::Plan plan;
  std::string only, counts;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    const bool has_value = i + 1 < count;
    if (word == "--long") {
      plan.is_long = true;
    } else if (word == "--seed" && has_value) {
      plan.seed = static_cast<std::uint32_t>(std::strtoul(arguments[++i], nullptr, 10));
    } else if (word == "--only" && has_value) {
      only = arguments[++i];
    } else if (word == "--counts" && has_value) {
      counts = arguments[++i];
    } else {
      std::fprintf(stderr, "disk_faults [--long] [--seed N] [--only F3] [--counts FILE]\n");
      return 2;
    }
  }
  return vuer_rtc::faults::run(plan, only, counts);
}
