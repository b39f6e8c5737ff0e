#include "table/desk.hpp"

namespace vuer_rtc::table {

void Kept::apply(const Write& write) {
  marks_.version = write.lines.version;
  marks_.dialect = write.lines.dialect;
  marks_.published = write.lines.published;
  marks_.nodes = write.lines.nodes;
  for (const CellKey& key : write.dropped) cells_.erase(key);
  for (const std::string& site : write.dropped_peers)
    for (const Event event : {Event::Received, Event::Delivered}) peers_.erase({site, event});
  for (const Cell& cell : write.lines.cells) cells_[cell.change.key()] = cell;
  for (const RowLine& row : write.lines.rows) rows_[row.key] = row;
  for (const SeenLine& seen : write.lines.seen) seen_[{seen.key, seen.site}] = seen;
  for (const PeerLine& peer : write.lines.peers) peers_[{peer.site, peer.event}] = peer;
}

Stored Kept::load() const {
  Stored stored{site_, marks_};
  for (const auto& [key, cell] : cells_) stored.lines.cells.push_back(cell);
  for (const auto& [key, row] : rows_) stored.lines.rows.push_back(row);
  for (const auto& [key, seen] : seen_) stored.lines.seen.push_back(seen);
  for (const auto& [key, peer] : peers_) stored.lines.peers.push_back(peer);
  return stored;
}

Desk::Desk(const ChannelOptions& options, SitePair site)
    : options_(options), kept_(std::move(site)) {
  restart();
}

void Desk::open(const std::string& name, bool may_write) {
  ids_[name] = ++last_;
  names_[last_] = name;
  channel_->join(last_, may_write, now_);
  run();
}

void Desk::close(const std::string& name) {
  channel_->leave(ids_.at(name), now_);
  names_.erase(ids_.at(name));
  ids_.erase(name);
  run();
}

void Desk::say(const std::string& name, const std::string& frame) {
  channel_->receive(ids_.at(name), frame, now_);
  run();
}

void Desk::refuse(const std::string& name, const std::string& frame, Fault fault) {
  channel_->refuse(ids_.at(name), frame, fault, now_);
  run();
}

void Desk::ping(const std::string& name) { channel_->pinged(ids_.at(name), true); }

void Desk::pong(const std::string& name) { channel_->ponged(ids_.at(name)); }

void Desk::drain(const std::string& name) {
  channel_->drained(ids_.at(name));
  run();
}

void Desk::advance(std::int64_t milliseconds) {
  now_ += milliseconds;
  channel_->tick(now_);
  run();
}

EnvelopeOutcome Desk::envelope(const std::string& text) {
  const EnvelopeOutcome outcome = channel_->take_envelope(read_envelope(text).value());
  run();
  return outcome;
}

void Desk::request(const std::string& text) {
  channel_->take_request(read_request(text).value());
  run();
}

void Desk::run() {
  for (auto actions = channel_->take_actions(); !actions.empty();
       actions = channel_->take_actions()) {
    for (Action& action : actions) perform(action);
    if (writing_ && !holds_commits) commit();
  }
}

void Desk::commit() {
  if (!writing_) return;
  kept_.apply(*writing_);
  writing_.reset();
  channel_->on_committed();
  run();
}

void Desk::fail_commit() {
  writing_.reset();
  channel_->on_commit_failed();
  run();
}

void Desk::catch_up() {
  channel_->catch_up();
  run();
}

void Desk::restart() {
  ids_.clear();
  names_.clear();
  writing_.reset();
  channel_ = std::make_unique<Channel>("c", options_, kept_.load());
}

void Desk::perform(Action& action) {
  if (auto* send = std::get_if<Send>(&action)) {
    for (const ConnectionId id : send->to) {
      const auto at = names_.find(id);
      if (at != names_.end()) heard[at->second].push_back(*send->frame);
    }
  } else if (auto* close = std::get_if<Close>(&action)) {
    const auto at = names_.find(close->connection);
    if (at != names_.end()) closed[at->second] = close->code;
  } else if (auto* publish = std::get_if<Publish>(&action)) {
    (publish->is_request ? requested : published).push_back(publish->text);
  } else {
    writing_ = std::move(std::get<Write>(action));
  }
}

}  // namespace vuer_rtc::table
