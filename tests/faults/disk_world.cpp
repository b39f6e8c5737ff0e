#include "faults/disk_world.hpp"

#include <algorithm>

#include "room/record.hpp"
#include "sim/sqlite_files.hpp"

namespace vuer_rtc::faults {
namespace {

using server::LogCommit;
using server::LogContent;
using server::LogRow;
using server::LogWrite;

constexpr const char* kFile = "rooms.db";

void add(std::string& out, const Bytes& bytes) {
  out += std::to_string(bytes.size()) + ":" + std::string(bytes.begin(), bytes.end()) + ";";
}

void add(std::string& out, std::vector<LogRow> rows) {
  std::sort(rows.begin(), rows.end(),
            [](const LogRow& a, const LogRow& b) { return a.key < b.key; });
  for (const LogRow& row : rows) {
    out += row.key + "=";
    add(out, row.value);
  }
}

/// All but the epoch, which is another one when the marks are lost.
std::string words_of(const LogContent& content) {
  std::string out = std::to_string(content.last_seq) + " ";
  for (const std::string& epoch : content.cleared) out += epoch + ",";
  add(out, content.state);
  add(out, content.snapshot);
  for (const Bytes& entry : content.entries) add(out, entry);
  add(out, content.ids);
  add(out, content.authors);
  return out;
}

/// Entries of different sizes, so that rows begin and end everywhere in the pages.
server::LogAppend next_append(const LogContent& log, std::uint64_t number) {
  server::LogAppend append;
  append.epoch = log.epoch.empty() ? "e" : log.epoch;
  append.first_seq = log.last_seq + 1;
  append.last_seq = log.last_seq + 1 + number % 3;
  append.start_time = append.end_time = static_cast<std::int64_t>(number);
  for (std::uint64_t seq = append.first_seq; seq <= append.last_seq; ++seq) {
    append.entries.push_back(
        Bytes(100 + seq * 97 % 1500, static_cast<std::uint8_t>(number * 31 + seq)));
    append.ids.push_back({append.epoch + ":" + std::to_string(seq), Bytes(40, 7)});
  }
  append.authors = {{"author-" + std::to_string(number % 4), {static_cast<std::uint8_t>(number)}}};
  return append;
}

}  // namespace

const std::vector<std::string> kRooms = {"north", "south"};

DiskWorld::DiskWorld(std::uint32_t seed) : trace_(timeline_, false), disk_(seed, trace_, ledger_) {
  sim::use_disk(&disk_);
}

bool DiskWorld::open() {
  auto opened = server::SqliteStore::open(kFile, [] { return std::int64_t{0}; });
  if (opened) store_ = std::move(*opened);
  return opened.ok();
}

void DiskWorld::kill() {
  disk_.end_process();
  store_.reset();
}

void DiskWorld::close() {
  store_.reset();
  disk_.end_process();
}

bool DiskWorld::commit(LogCommit commit) {
  if (!store_->commit(std::span(&commit, 1)).ok()) {
    pending_ = std::move(commit);
    return false;
  }
  return apply_write(told_[commit.log.name], commit.write).ok();
}

bool DiskWorld::commit_next() {
  const std::string& room = kRooms[commits_ % kRooms.size()];
  return commit({server::room_log(room), next_append(told_[room], commits_++)});
}

bool DiskWorld::commit_snapshot(const std::string& room) {
  const LogContent& log = told_[room];
  server::LogSnapshot write;
  write.epoch = log.epoch;
  write.state = {1};
  write.snapshot = Bytes(60'000, static_cast<std::uint8_t>(log.last_seq));
  write.last_seq = log.last_seq;
  write.first_rest_seq = log.last_seq - 1;
  write.rest.assign(log.entries.end() - 2, log.entries.end());
  return commit({server::room_log(room), std::move(write)});
}

bool DiskWorld::settle() {
  const std::optional<LogCommit> pending = std::exchange(pending_, std::nullopt);
  for (const std::string& room : kRooms) {
    const Result<LogContent> stored = server::load_whole(*store_, server::room_log(room));
    if (!stored) return false;
    LogContent after = told_[room];
    const std::string words = words_of(*stored);
    const bool may_be_after = pending && pending->log.name == room && words != words_of(after);
    if (may_be_after && !apply_write(after, pending->write)) return false;
    if (words != words_of(after)) return false;
    after.epoch = stored->epoch;
    told_[room] = std::move(after);
  }
  return true;
}

State DiskWorld::told() const {
  State state;
  for (const auto& [room, content] : told_) state[room] = words_of(content);
  return state;
}

Result<std::string> DiskWorld::load(const std::string& room) {
  const Result<LogContent> content = server::load_whole(*store_, server::room_log(room));
  if (!content) return content.error();
  return words_of(*content);
}

Start DiskWorld::start() {
  Start start;
  auto opened = server::SqliteStore::open(kFile, [] { return std::int64_t{0}; });
  if (opened) store_ = std::move(*opened);
  for (const std::string& room : kRooms)
    start.rooms.emplace(room, opened ? load(room) : Result<std::string>(opened.error()));
  kill();
  return start;
}

}  // namespace vuer_rtc::faults
