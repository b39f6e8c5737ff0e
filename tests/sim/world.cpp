#include "sim/world.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "room/answer.hpp"
#include "sim/disasters.hpp"
#include "sim/watched_store.hpp"

namespace vuer_rtc::sim {
namespace {

constexpr std::int64_t kSettleTime = 180'000;  // after that everybody must have everything
constexpr std::uint64_t kMostSteps = 100'000;
constexpr std::int64_t kGlance = 500;  // between two looks at who has settled
constexpr std::int64_t kStart = 1'700'000'000'000;
constexpr const char* kNames[] = {"north", "south", "c:1", "é", "😀"};

ProcessOptions process_options(std::int64_t wall) {
  ProcessOptions options;
  options.wall = wall;
  options.host.room.compact_interval = 7'000;
  options.host.room.compact_min_operations = 20;
  options.host.room.journal_keep = 15;
  options.host.room_timeout = 20'000;
  options.host.backlog_frames = 50;
  return options;
}

}  // namespace

World::World(const Setting& setting,
             std::unique_ptr<Storage> (*make_disk)(std::uint32_t, Trace&, Ledger&))
    : setting_(setting),
      random_(setting.seed),
      trace_(timeline_, setting.readable),
      network_(timeline_, setting.seed + 1) {
  const Scenario& scenario = *setting.scenario;
  storage_ = scenario.on_disk ? make_disk(setting.seed + 2, trace_, ledger_) : memory_storage();
  if (setting.planted == Planted::LyingSync) storage_->let_syncs_lie();
  network_.set_weather(scenario.weather);
  constexpr std::int64_t kClocks[] = {0, 1ll << 31, (1ll << 31) * 1000};
  const std::int64_t wall = scenario.skew ? random_.pick(kClocks) : kStart;
  const Ground ground{timeline_, network_, trace_, ledger_};
  server_ = std::make_unique<ServerProcess>(
      ground, process_options(wall),
      [this, wall]() -> std::unique_ptr<server::LogStore> {
        auto store = storage_->open([this, wall] { return wall + timeline_.now(); });
        if (!store) return nullptr;
        starts_++;
        if (disasters_) disasters_->after_start();
        WatchedStore::Watch watch{&ledger_, setting_.planted,
                                  [this] { disasters_->before_snapshot(); }};
        return std::make_unique<WatchedStore>(std::move(store), std::move(watch));
      },
      setting.seed + 3);
  server_->set_after_store([this] { after_store(); });
  people_and_strangers();
  disasters_ = std::make_unique<Disasters>(*this, setting.seed + 4);
}

World::~World() {
  storage_->end_process();
  server_.reset();
}

void World::people_and_strangers() {
  const Ground ground{timeline_, network_, trace_, ledger_};
  const std::uint32_t count = setting_.scenario->swizzle ? 5 : 2 + random_.below(3);
  constexpr std::int64_t kDay = 86'400'000;
  constexpr std::int64_t kSkews[] = {0, kDay, -kDay, -kStart};
  for (std::uint32_t i = 0; i < count; i++) {
    Person::Manner manner;
    manner.name = kNames[i];
    manner.link = static_cast<int>(i);
    manner.seed = setting_.seed * 31 + i;
    manner.wall = kStart + (setting_.scenario->skew ? random_.pick(kSkews) : 0);
    manner.first = i == 0;
    manner.doubting = setting_.scenario->backup;
    if (setting_.scenario->slow_readers && random_.percent(40))
      server_->set_slow(manner.name, 50 + random_.below(400));
    people_.push_back(std::make_unique<Person>(ground, manner));
  }
  for (int i = 0; i < setting_.scenario->strangers; i++) {
    const int link = static_cast<int>(count) + i;
    const std::uint32_t seed = setting_.seed * 31 + static_cast<std::uint32_t>(link);
    strangers_.push_back(
        std::make_unique<Stranger>(ground, "stranger " + std::to_string(i), link, seed));
  }
}

/// Ends the process, and with the power what the disk had not synced; starts it again later.
void World::end_process(bool power) {
  storage_->end_process();
  server_->kill();
  if (power) storage_->lose_power();
  room_ = nullptr;
  start_later();
}

void World::start_later() {
  const std::int64_t pause = calm_ ? 100 : 100 + random_.below(4000);
  timeline_.after(pause, [this] { server_->start(); });
}

void World::after_store() {
  if (storage_->wants_end()) end_process(storage_->power_is_gone());
}

bool World::run_until(std::int64_t end) {
  while (ledger_.fault().empty() && timeline_.step(end)) {
    if (++steps_ > kMostSteps) ledger_.blame("busy without end: a storm of answers and resends");
  }
  return ledger_.fault().empty();
}

std::string World::run() {
  try {
    server_->start();
    for (auto& person : people_) person->start();
    for (auto& stranger : strangers_) stranger->start();
    disasters_->begin();
    if (run_until(setting_.work_time)) {
      calm_down();
      const std::int64_t latest = timeline_.now() + kSettleTime;
      do {
        run_until(timeline_.now() + kGlance);
      } while (ledger_.fault().empty() && !settled() && timeline_.now() < latest);
      if (ledger_.fault().empty()) judge();
    }
  } catch (const std::exception& error) {
    ledger_.blame(error.what());
  }
  return ledger_.fault();
}

void World::calm_down() {
  calm_ = true;
  trace_.event("world", "calm from here on");
  disasters_->end();
  network_.set_weather({});
  server_->hurry_readers();
  for (auto& person : people_) person->finish();
  for (auto& stranger : strangers_) stranger->finish();
}

bool World::settled() {
  return server_->running() &&
         std::all_of(people_.begin(), people_.end(), [](auto& one) { return one->settled(); }) &&
         look_at_room();
}

/// The room as it is on disk now, and whether everybody has all of it.
bool World::look_at_room() {
  room_ = nullptr;
  server_->with_room([this](server::Room* room) { room_ = room; });
  run_until(timeline_.now() + 1);
  return room_ != nullptr && std::all_of(people_.begin(), people_.end(), [&](auto& one) {
           return one->replica().upto() == room_->committed_seq();
         });
}

void World::judge() {
  if (!settled()) {
    std::string who;
    for (auto& person : people_) {
      if (person->settled()) continue;
      who += " " + person->replica().name() + " (" +
             std::to_string(person->replica().store().unacked_count()) + " unacknowledged)";
    }
    return ledger_.blame("not settled in time:" + who + (room_ == nullptr ? " no room" : ""));
  }
  judge_digests();
  if (ledger_.fault().empty()) judge_restart();
}

void World::judge_digests() {
  const std::string digest = server::hex(*room_->digest());
  for (auto& person : people_) {
    testing::Replica& replica = person->replica();
    replica.store().check();
    if (server::hex(replica.store().digest()) != digest)
      ledger_.blame(replica.name() + " differs from the server at the end");
  }
  std::vector<Bytes> messages = ledger_.history();
  for (std::size_t i = messages.size(); i > 1; i--)
    std::swap(messages[i - 1], messages[random_.below(static_cast<std::uint32_t>(i))]);
  Document reader;
  for (const Bytes& message : messages) {
    const Result<Received> received = reader.receive(ByteSpan(message));
    if (!received || *received != Received::Applied)
      ledger_.blame("a reader of the history refuses a message, or has it already");
  }
  reader.check();
  if (server::hex(reader.digest()) != digest)
    ledger_.blame("the history in another order gives another digest");
  for (auto& person : people_) {
    for (const std::string& id : person->replica().given_up()) ledger_.forgive(id);
  }
  ledger_.check_offers();
}

/// The same document after one more start from what is stored.
void World::judge_restart() {
  const std::string digest = server::hex(*room_->digest());
  end_process(setting_.scenario->on_disk);
  for (int i = 0; i < 100 && !(server_->running() && look_at_room()); i++)
    run_until(timeline_.now() + kGlance);
  if (room_ == nullptr) return ledger_.blame("the room does not load at the end");
  if (server::hex(*room_->digest()) != digest)
    ledger_.blame("the room differs after a restart at the end");
  trace_.event("world", server::hex(*room_->digest()));
}

Counts World::counts() {
  Counts counts;
  counts.messages = ledger_.history().size();
  counts.snapshots = ledger_.snapshots();
  counts.events = trace_.count();
  counts.starts = starts_;
  counts.time = timeline_.now();
  for (auto& person : people_) {
    const testing::Done& done = person->replica().done();
    counts.comparisons += person->checks();
    counts.moved += done.moved;
    counts.resent += done.resent;
    counts.recommitted += done.recommitted;
  }
  return counts;
}

}  // namespace vuer_rtc::sim
