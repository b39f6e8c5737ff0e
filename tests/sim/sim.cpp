// sim [--seeds N] [--from S] [--seed S] [--scenario X] [--plant MISTAKE] [--work MS]
//     [--histories FOLDER [--histories-up-to S]] [--step K] [--hashes] [--without-disk]
//
// Runs seeds, one world each. --seed runs one and prints its trace; --step K takes every K-th seed
// only, for several processes. --hashes prints a line per seed that must be the same in every
// build; --without-disk takes scenarios that every build can run. A failure prints the command that
// repeats it.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "json_messages.hpp"
#include "room/answer.hpp"
#include "sim/world.hpp"

namespace {

using namespace vuer_rtc;
using namespace vuer_rtc::sim;
using Json = nlohmann::json;

#ifdef RTC_SIM_DISK
constexpr bool kHasDisk = true;
#else
constexpr bool kHasDisk = false;
std::unique_ptr<Storage> disk_storage(std::uint32_t, Trace&, Ledger&) { return nullptr; }
#endif

struct Options {
  std::uint32_t from = 1, seeds = 1, step = 1, histories_end = ~0u;
  bool one = false, hashes = false, with_disk = kHasDisk;
  const Scenario* scenario = nullptr;
  Planted planted = Planted::Nothing;
  std::string histories;
  std::int64_t work_time = Setting{}.work_time;
};

[[noreturn]] void usage(const std::string& why) {
  std::fprintf(stderr, "sim: %s\nscenarios:\n", why.c_str());
  for (const Scenario& one : scenarios())
    std::fprintf(stderr, "  %-12s %s\n", std::string(one.name).c_str(),
                 std::string(one.what).c_str());
  std::exit(2);
}

Planted planted_of(const std::string& name) {
  if (name == "early-ack") return Planted::EarlyAck;
  if (name == "forgotten-ids") return Planted::ForgottenIds;
  if (name == "lying-sync") return Planted::LyingSync;
  usage("nothing to plant is called " + name);
}

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; i++) {
    const std::string name = arguments[i];
    if (name == "--hashes") {
      options.hashes = true;
      continue;
    }
    if (name == "--without-disk") {
      options.with_disk = false;
      continue;
    }
    if (i + 1 == count) usage(name + " lacks a value");
    const std::string value = arguments[++i];
    const auto number = static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    if (name == "--seeds") {
      options.seeds = number;
    } else if (name == "--from" || name == "--seed") {
      options.from = number;
      options.one = options.one || name == "--seed";
    } else if (name == "--step") {
      options.step = number == 0 ? 1 : number;
    } else if (name == "--scenario") {
      options.scenario = find_scenario(value);
      if (options.scenario == nullptr) usage("no scenario is called " + value);
    } else if (name == "--work") {
      options.work_time = number;
    } else if (name == "--plant") {
      options.planted = planted_of(value);
    } else if (name == "--histories") {
      options.histories = value;
    } else if (name == "--histories-up-to") {
      options.histories_end = number;
    } else {
      usage("what is " + name + "?");
    }
  }
  return options;
}

/// The accepted history as a law vector, for the model.
void write_history(World& world, const std::string& file, const std::string& name) {
  Json messages = Json::array();
  for (const Bytes& message : world.history()) messages.push_back(json_of(message));
  Document& document = world.room().document();
  const Json expect = {{"digest", server::hex(document.digest())},
                       {"graph", json_of(document.graph())},
                       {"texts", json_of(document.texts())}};
  std::ofstream(file) << Json{{"name", name},
                              {"messages", messages},
                              {"orders", Json::array()},
                              {"expect", expect}}
                      << "\n";
}

void print_counts(const std::string& name, const World& world, const Counts& counts) {
  std::printf(
      "%s %s: %zu messages, %zu snapshots, %llu starts, %llu moved, %llu sent again, "
      "%zu digests compared, %zu events, %.1f s\n",
      name.c_str(), world.hash().c_str(), counts.messages, counts.snapshots,
      static_cast<unsigned long long>(counts.starts), static_cast<unsigned long long>(counts.moved),
      static_cast<unsigned long long>(counts.resent), counts.comparisons, counts.events,
      static_cast<double>(counts.time) / 1000);
}

/// One seed; false when something was wrong.
bool run_seed(const Options& options, std::uint32_t seed) {
  Setting setting;
  setting.scenario =
      options.scenario != nullptr ? options.scenario : &scenario_of(seed, options.with_disk);
  setting.seed = seed;
  setting.readable = options.one && !options.hashes;
  setting.planted = options.planted;
  setting.work_time = options.work_time;
  if (setting.scenario->on_disk && !kHasDisk) usage("this build has no disk");
  World world(setting, disk_storage);
  const std::string fault = world.run();
  const std::string scenario(setting.scenario->name);
  const std::string name = scenario + " " + std::to_string(seed);
  if (options.hashes || options.one) print_counts(name, world, world.counts());
  if (!fault.empty()) {
    std::printf("FAILED %s: %s\n  again: ./dev sim --seed %u --scenario %s\n", name.c_str(),
                fault.c_str(), seed, scenario.c_str());
  } else if (!options.histories.empty() && seed < options.histories_end) {
    const std::string vector = "sim-" + scenario + "-" + std::to_string(seed);
    write_history(world, options.histories + "/" + vector + ".jsonl", vector);
  }
  std::fflush(stdout);
  return fault.empty();
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = read_options(count, arguments);
  std::uint32_t failed = 0;
  for (std::uint32_t i = 0; i < options.seeds; i += options.step)
    failed += run_seed(options, options.from + i) ? 0 : 1;
  return failed == 0 ? 0 : 1;
}
