#include "sim/disasters.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "sim/world.hpp"

namespace vuer_rtc::sim {
namespace {

constexpr Trouble kTroubles[] = {Trouble::PowerCut, Trouble::Kill,       Trouble::Error,
                                 Trouble::Full,     Trouble::ShortWrite, Trouble::SyncFails};
constexpr std::uint32_t kSnapshotCalls = 60;  // more than a small snapshot's transaction makes

}  // namespace

void Disasters::repeat(std::int64_t least, std::int64_t most, std::function<void()> what) {
  const std::int64_t pause = least + random_.below(static_cast<std::uint32_t>(most - least));
  world_.timeline_.after(pause, [this, least, most, what = std::move(what)] {
    if (over_) return;
    what();
    repeat(least, most, what);
  });
}

void Disasters::begin() {
  const Scenario& scenario = *world_.setting_.scenario;
  if (scenario.partitions) repeat(1'000, 6'000, [this] { partition(); });
  if (scenario.swizzle) repeat(5'000, 12'000, [this] { swizzle(); });
  if (scenario.kills) repeat(2'000, 15'000, [this] { world_.end_process(false); });
  if (scenario.power_cuts) repeat(500, 8'000, [this] { power(); });
  if (scenario.disk_faults) repeat(1'000, 8'000, [this] { trouble(); });
  if (scenario.skew) repeat(2'000, 10'000, [this] { step_clock(); });
  if (scenario.backup) {
    world_.timeline_.after(8'000 + random_.below(10'000),
                           [this] { world_.storage_->keep_backup(); });
    world_.timeline_.after(20'000 + random_.below(15'000), [this] { restore(); });
  }
}

void Disasters::end() {
  over_ = true;
  world_.storage_->set_faults(0);
  world_.storage_->set_full(false);
  for (std::size_t i = 0; i < world_.people_.size(); i++) world_.network_.go(static_cast<int>(i));
}

void Disasters::partition() {
  const int who =
      static_cast<int>(random_.below(static_cast<std::uint32_t>(world_.people_.size())));
  world_.trace_.event("world", "stops a link", static_cast<std::uint64_t>(who));
  world_.network_.stop(who);
  world_.timeline_.after(500 + random_.below(12'000), [this, who] { world_.network_.go(who); });
}

/// One by one out, and back in another order.
void Disasters::swizzle() {
  std::vector<int> order(world_.people_.size());
  std::iota(order.begin(), order.end(), 0);
  std::int64_t at = 0;
  for (const bool out : {true, false}) {
    for (std::size_t i = order.size(); i > 1; i--)
      std::swap(order[i - 1], order[random_.below(static_cast<std::uint32_t>(i))]);
    for (const int who : order) {
      at += random_.below(1'500);
      world_.timeline_.after(at, [this, who, out] {
        if (over_) return;
        world_.trace_.event("world", out ? "stops a link" : "starts a link",
                            static_cast<std::uint64_t>(who));
        out ? world_.network_.stop(who) : world_.network_.go(who);
      });
    }
  }
}

void Disasters::power() {
  world_.trace_.event("world", "arms a power cut");
  const Trouble trouble = random_.percent(70) ? Trouble::PowerCut : Trouble::Kill;
  world_.storage_->arm(trouble, random_.below(150));
}

/// One bad call, a bad while, or a full disk.
void Disasters::trouble() {
  world_.trace_.event("world", "disk trouble");
  const Trouble trouble = random_.pick(kTroubles);
  switch (random_.below(3)) {
    case 0:
      return world_.storage_->arm(trouble, random_.below(60));
    case 1:
      world_.storage_->set_faults(5 + random_.below(100));
      break;
    default:
      world_.storage_->set_full(true);
  }
  world_.timeline_.after(500 + random_.below(4'000), [this] {
    world_.storage_->set_faults(0);
    world_.storage_->set_full(false);
  });
}

/// What was written before a kill and is not synced yet must not be shown: soon the power goes.
void Disasters::after_start() {
  if (over_ || !world_.setting_.scenario->power_cuts || !random_.percent(50)) return;
  world_.storage_->arm(Trouble::PowerCut, random_.below(25));
}

void Disasters::before_snapshot() {
  if (over_ || !world_.setting_.scenario->snapshot_cuts) return;
  const Trouble trouble = random_.pick(kTroubles);
  world_.storage_->arm(trouble, random_.below(kSnapshotCalls));
}

void Disasters::step_clock() {
  const bool ahead = random_.percent(50);
  world_.trace_.event("world", ahead ? "clock one hour on" : "clock one hour back");
  world_.server_->step_clock(ahead ? 3'600'000 : -3'600'000);
}

/// People offer what they hold, and it must come back.
void Disasters::restore() {
  world_.trace_.event("world", "an older disk");
  world_.storage_->end_process();
  world_.server_->kill();
  world_.storage_->restore_backup();
  world_.ledger_.expect_older();
  world_.start_later();
}

}  // namespace vuer_rtc::sim
