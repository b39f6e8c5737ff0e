#include "sim/disk.hpp"

#include <algorithm>
#include <utility>

namespace vuer_rtc::sim {
namespace {

constexpr std::size_t kSector = 512;          // what a disk writes at once
constexpr std::size_t kMostFile = 16u << 20;  // no file of these small rooms may grow so far
constexpr const char* kCalls[] = {"open", "read", "write", "truncate", "sync", "delete"};
constexpr Trouble kAtRandom[] = {Trouble::Error, Trouble::Full, Trouble::ShortWrite,
                                 Trouble::SyncFails};

/// Whether this trouble can happen at this call; an armed one waits for such a call.
bool fits(Trouble trouble, Disk::Call call) {
  switch (trouble) {
    case Trouble::Full:
    case Trouble::ShortWrite:
      return call == Disk::Call::Write;
    case Trouble::SyncFails:
      return call == Disk::Call::Sync;
    default:
      return true;
  }
}

}  // namespace

Disk::Outcome Disk::begin(Call call, int process, std::size_t grows_to, std::size_t size) {
  if (process != process_ || ended_) return Outcome::Error;
  calls_++;
  if (grows_to > kMostFile) ledger_.blame("memory: a file of the store grows without bound");
  if (const Outcome outcome = trouble(call); outcome != Outcome::Good) return outcome;
  return full_ && grows_to > size ? Outcome::Full : Outcome::Good;
}

Disk::Outcome Disk::trouble(Call call) {
  if (is_armed_) {
    if (armed_.calls > 0) armed_.calls--;
    if (armed_.calls == 0 && fits(armed_.trouble, call)) {
      is_armed_ = false;
      return strike(armed_.trouble, call);
    }
  }
  if (faults_ == 0 || random_.below(1000) >= faults_) return Outcome::Good;
  const Trouble trouble = random_.pick(kAtRandom);
  return fits(trouble, call) ? strike(trouble, call) : Outcome::Good;
}

Disk::Outcome Disk::strike(Trouble trouble, Call call) {
  constexpr const char* kNames[] = {"power cut at ", "kill at ",        "error at ",
                                    "full at ",      "short write at ", "sync fails at "};
  trace_.event("disk",
               kNames[static_cast<int>(trouble)] + std::string(kCalls[static_cast<int>(call)]),
               calls_);
  switch (trouble) {
    case Trouble::PowerCut:
      power_gone_ = ended_ = true;
      return call == Call::Write ? Outcome::Short : Outcome::Error;
    case Trouble::Kill:
      ended_ = true;
      return Outcome::Error;
    case Trouble::Full:
      return Outcome::Full;
    case Trouble::ShortWrite:
      return Outcome::Short;
    case Trouble::SyncFails:
      return Outcome::SyncFailed;
    default:
      return Outcome::Error;
  }
}

Disk::Handle Disk::find(const std::string& name) const {
  const auto at = files_.find(name);
  return at == files_.end() ? nullptr : at->second;
}

Disk::Handle Disk::create(const std::string& name) {
  return files_[name] = std::make_shared<File>();
}

void Disk::apply(Bytes& content, const Change& change, bool torn) {
  if (change.truncation) return content.resize(change.offset);
  const std::size_t end = change.offset + change.bytes.size();
  if (content.size() < end) content.resize(end);
  for (std::size_t from = 0; from < change.bytes.size(); from += kSector) {
    if (torn && random_.percent(50)) continue;
    const std::size_t to = std::min(from + kSector, change.bytes.size());
    std::copy(change.bytes.begin() + static_cast<std::ptrdiff_t>(from),
              change.bytes.begin() + static_cast<std::ptrdiff_t>(to),
              content.begin() + static_cast<std::ptrdiff_t>(change.offset + from));
  }
}

void Disk::write(File& file, std::size_t offset, ByteSpan bytes) {
  file.unsynced.push_back({offset, Bytes(bytes.begin(), bytes.end()), false});
  apply(file.now, file.unsynced.back(), false);
}

void Disk::truncate(File& file, std::size_t size) {
  file.unsynced.push_back({size, {}, true});
  apply(file.now, file.unsynced.back(), false);
}

/// The first sync of a file syncs its folder too, as SQLite does for its logs.
void Disk::sync(File& file) {
  if (lying_) return;
  for (const Change& change : file.unsynced) apply(file.synced, change, false);
  file.unsynced.clear();
  if (std::exchange(file.name_synced, true)) return;
  for (const auto& [name, handle] : files_) handle->name_synced = true;
  removed_.clear();
}

void Disk::fail_sync(File& file) { keep_some(file, 50); }

void Disk::keep_some(File& file, std::uint32_t percent) {
  for (const Change& change : std::exchange(file.unsynced, {})) {
    if (random_.percent(percent)) apply(file.synced, change, random_.percent(20));
  }
}

void Disk::remove(const std::string& name) {
  const Handle file = find(name);
  if (!file) return;
  if (file->name_synced) removed_[name] = file->synced;
  files_.erase(name);
}

void Disk::end_process() {
  trace_.event("disk", "calls", calls_);
  process_++;
  ended_ = power_gone_ = is_armed_ = false;
}

void Disk::lose_power() {
  constexpr std::uint32_t kKept[] = {0, 20, 50, 80, 100};
  for (auto at = files_.begin(); at != files_.end();) {
    File& file = *at->second;
    keep_some(file, random_.pick(kKept));
    file.now = file.synced;
    const bool vanished = !file.name_synced && random_.percent(50);
    at = vanished ? files_.erase(at) : std::next(at);
  }
  for (const auto& [name, content] : std::exchange(removed_, {})) {
    if (files_.contains(name) || random_.percent(50)) continue;
    const Handle file = create(name);
    file->now = file->synced = content;
    file->name_synced = true;
  }
}

void Disk::keep_backup() {
  backup_.clear();
  for (const auto& [name, file] : files_) backup_[name] = file->now;
}

void Disk::restore_backup() {
  files_.clear();
  removed_.clear();
  for (const auto& [name, content] : backup_) {
    const Handle file = create(name);
    file->now = file->synced = content;
    file->name_synced = true;
  }
}

}  // namespace vuer_rtc::sim
