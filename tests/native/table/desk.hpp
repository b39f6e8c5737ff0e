// One channel with its disk in memory, a clock that is moved by hand, and lists of what everybody
// heard.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "protocol/table/channel.hpp"

namespace vuer_rtc::table {

/// The tables of section 10.1 as maps.
class Kept {
 public:
  explicit Kept(SitePair site) : site_(std::move(site)) {}
  void apply(const Write& write);
  Stored load() const;

 private:
  SitePair site_;
  Lines marks_;
  std::map<CellKey, Cell> cells_;
  std::map<RowKey, RowLine> rows_;
  std::map<std::pair<RowKey, std::string>, SeenLine> seen_;
  std::map<std::pair<std::string, Event>, PeerLine> peers_;
};

class Desk {
 public:
  Desk(const ChannelOptions& options, SitePair site);

  void open(const std::string& name, bool may_write = true);
  void close(const std::string& name);
  void say(const std::string& name, const std::string& frame);
  void refuse(const std::string& name, const std::string& frame, Fault fault);
  /// A ping behind everything that was said, and its answer.
  void ping(const std::string& name);
  void pong(const std::string& name);
  void drain(const std::string& name);
  void advance(std::int64_t milliseconds);
  EnvelopeOutcome envelope(const std::string& text);
  void request(const std::string& text);

  /// Whatever is to be done, and commits, unless they are held back.
  void run();
  void commit();
  void fail_commit();
  /// Asks the other instances for what was missed.
  void catch_up();
  /// A crash: all that is left is what was committed. Everybody is gone.
  void restart();

  Channel& channel() { return *channel_; }
  bool is_open(const std::string& name) const { return ids_.contains(name); }

  std::map<std::string, std::deque<std::string>> heard;
  std::map<std::string, int> closed;  // with which code
  std::deque<std::string> published, requested;
  bool holds_commits = false;

 private:
  void perform(Action& action);
  ChannelOptions options_;
  Kept kept_;
  std::unique_ptr<Channel> channel_;
  std::optional<Write> writing_;
  std::map<std::string, ConnectionId> ids_;
  std::map<ConnectionId, std::string> names_;
  ConnectionId last_ = 0;
  std::int64_t now_ = 0;
};

}  // namespace vuer_rtc::table
