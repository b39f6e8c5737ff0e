// What time does to a room: presence goes out gathered, quiet members are reminded, the stable line
// rises.
#include <algorithm>

#include "room/answer.hpp"
#include "room/room.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::int64_t kQuietTime =
    5'000;  // milliseconds without news before the server's own heartbeat
constexpr std::int64_t kHoldLineTime = 60'000;  // how long a slow member may hold the line back

}  // namespace

void Room::tick(Now now) {
  if (failed_) return;
  presence_.expire(now.steady);
  send_presence(now);
  remind_quiet_members(now);
  consider_compaction(now);
}

void Room::send_presence(Now now) {
  for (const Presence::Change& change : presence_.take_changes(now.steady)) {
    Send send{presence_frame(change.client, change.state), {}, Delivery::Presence};
    for (const auto& [connection, member] : members_.all()) {
      if (connection != change.connection) send.to.push_back({connection, member.encoding});
    }
    if (!send.to.empty()) emit(std::move(send));
  }
}

/// Every 5 s after the last broadcast, until the member's own heartbeat says that it has
/// everything.
void Room::remind_quiet_members(Now now) {
  for (auto& [connection, member] : members_.all()) {
    if (!member.compact || member.reported_seq >= committed_seq_) continue;
    if (now.steady - member.last_news < kQuietTime) continue;
    member.last_news = now.steady;
    send(member, heartbeat_frame(committed_seq_, committed_stable_, now.wall));
  }
}

/// Members who say that they have not seen messages up to the new line hold it back for a minute:
/// nobody's edit is moved without need.
void Room::consider_compaction(Now now) {
  if (compaction_due_ < 0) compaction_due_ = now.steady + options_.compact_interval;
  if (now.steady < compaction_due_ || !settled() || writes_refused_) return;
  const std::int64_t line = journal_.line_that_keeps(options_.journal_keep);
  const bool enough =
      journal_.size() > options_.compact_min_operations && line > document_.stable();
  if (enough && now.steady < compaction_due_ + kHoldLineTime) {
    const bool held =
        std::any_of(members_.all().begin(), members_.all().end(), [&](const auto& one) {
          return one.second.reported_lt &&
                 static_cast<std::int64_t>(*one.second.reported_lt) < line;
        });
    if (held) return;
  }
  compaction_due_ = now.steady + options_.compact_interval;
  if (enough) compact();
}

void Room::handle(CompactItem&, Now) {
  const std::int64_t line = journal_.line_that_keeps(options_.journal_keep);
  if (line <= document_.stable()) return;
  if (!document_.raise_line(line)) return;  // no memory now: tried again after the next interval
  snapshots_.clear();
  for (const JournalEntry& entry : journal_.entries()) {
    if (static_cast<std::int64_t>(entry.lt) <= line) learn_folded(entry);
  }
  folded_seq_ = std::max(folded_seq_, journal_.fold(line));
  door_.forget(line);
  LogSnapshot write;
  const ByteSpan snapshot = cached_snapshot(SnapshotForm::Compact);
  if (snapshot.empty()) return on_commit_failed();
  write.epoch = epoch_;
  write.snapshot.assign(snapshot.begin(), snapshot.end());
  write.state = state_bytes({line, folded_seq_});
  write.last_seq = server_seq_;
  for (const JournalEntry& entry : journal_.entries()) write.rest.push_back(*entry.bytes);
  if (journal_.size() != 0) write.first_rest_seq = journal_.entries().front().server_seq;
  commit(std::move(write));
}

void Room::learn_folded(const JournalEntry& entry) {
  std::uint64_t& number = folded_clock_[entry.client];
  number = std::max(number, entry.number);
}

void Room::send_line(Now now) {
  Send news{heartbeat_frame(committed_seq_, committed_stable_, now.wall), {}};
  for (const auto& [connection, member] : members_.all()) {
    if (member.compact) news.to.push_back({connection, member.encoding});
  }
  if (!news.to.empty()) emit(std::move(news));
}

void Room::handle(ClearItem& item, Now now) {
  cleared_.push_back(epoch_);
  epoch_ = std::move(item.epoch);
  document_ = Document(options_.limits);
  door_.clear();
  journal_.clear();
  folded_clock_.clear();
  snapshots_.clear();
  server_seq_ = committed_seq_ = folded_seq_ = 0;
  for (auto& [connection, member] : members_.all()) {
    member.wanted.clear();
    member.reported_lt.reset();
    member.reported_seq = 0;
    if (!member.legacy) send(member, reset_frame());
    send_state(member, {false, "reset"}, 0, now);
  }
  commit(LogClear{epoch_});
}

}  // namespace vuer_rtc::server
