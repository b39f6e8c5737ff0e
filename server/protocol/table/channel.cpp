#include "protocol/table/channel.hpp"

#include <algorithm>

#include "protocol/table/close_code.hpp"

namespace vuer_rtc::table {
namespace {

constexpr std::int64_t kGreetAgain = 2000;  // milliseconds without a word
constexpr int kMostGreetings = 3;
constexpr std::int64_t kErrorTime = 10'000;
constexpr std::size_t kMostErrors = 20;
constexpr std::int64_t kMarkInterval = 1000;  // between writes that hold delivery marks only

}  // namespace

Channel::Channel(std::string name, const ChannelOptions& options, Stored stored)
    : name_(std::move(name)),
      options_(options),
      rules_{name_, options.tables, options.max_changes},
      site_(std::move(stored.site)),
      version_(stored.lines.version),
      dialect_(stored.lines.dialect),
      published_(stored.lines.published),
      nodes_(std::move(stored.lines.nodes)) {
  Lines& lines = stored.lines;
  for (const RowLine& row : lines.rows) store_.restore(row.key, row.cl, row.highest, row.late);
  for (const SeenLine& seen : lines.seen) store_.restore_seen(seen.key, seen.site, seen.number);
  for (Cell& cell : lines.cells) store_.put(std::move(cell));
  store_.take_touched();
  for (const PeerLine& line : lines.peers) {
    Peer& peer = peers_[line.site];
    (line.event == Event::Received ? peer.received : peer.delivered) = line.version;
  }
}

const std::string& Channel::site() const {
  return dialect_ == Dialect::Causal ? site_.causal : site_.plain;
}

Sender Channel::sender() const { return {site(), name_}; }

// --- Connections

void Channel::join(ConnectionId connection, bool may_write, std::int64_t now) {
  now_ = now;
  Member& member = members_[connection];
  member.may_write = may_write;
  greet(connection, member);
}

void Channel::greet(ConnectionId id, Member& member) {
  member.greeted_at = now_;
  ++member.greetings;
  send(id, write_connected(sender(), version_));
}

void Channel::leave(ConnectionId connection, std::int64_t now) {
  now_ = now;
  members_.erase(connection);
}

void Channel::receive(ConnectionId connection, std::string_view frame, std::int64_t now) {
  now_ = now;
  const auto found = members_.find(connection);
  if (found == members_.end() || found->second.is_closed) return;
  Member& member = found->second;
  member.was_heard = true;
  auto read = read_message(frame, rules_);
  if (auto* refusal = std::get_if<Refusal>(&read))
    return refuse(connection, member, std::move(*refusal));
  handle(connection, member, std::move(std::get<Message>(read)));
}

void Channel::refuse(ConnectionId connection, std::string_view frame, Fault fault,
                     std::int64_t now) {
  now_ = now;
  const auto found = members_.find(connection);
  if (found == members_.end() || found->second.is_closed) return;
  auto read = read_message(frame, rules_);
  if (auto* refusal = std::get_if<Refusal>(&read))
    return refuse(connection, found->second, std::move(*refusal));
  refuse(connection, found->second, refusal_of(std::get<Message>(read), fault, "try later"));
}

void Channel::handle(ConnectionId id, Member& member, Message message) {
  switch (message.type) {
    case Type::Connected:
      return greet(id, member);
    case Type::Update:
      if (auto refusal = check(member, message)) return refuse(id, member, std::move(*refusal));
      return update(id, member, std::move(message));
    case Type::Pull:
      return pull(id, member, message);
    case Type::Ack:
      ++figures_.acks;
      if (member.up_to && message.site == member.site)
        deliver(member.site, std::min(message.version, *member.up_to));
      return;
  }
}

/// Section 13: the connection stays, unless it goes on like this.
void Channel::refuse(ConnectionId id, Member& member, Refusal refusal) {
  ++figures_.refused[refusal.fault];
  send(id, write_error(sender(), refusal));
  if (refusal.is_update && fault_holds(refusal.fault)) hold(member, refusal);
  if (refusal.fault == Fault::Storage) return close(id, kStorage, "storage");
  if (is_too_often(member.errors, kMostErrors, kErrorTime))
    close(id, kTooManyErrors, "too many errors");
}

/// Notes that it happened once more.
bool Channel::is_too_often(std::deque<std::int64_t>& times, std::size_t most,
                           std::int64_t within) const {
  times.push_back(now_);
  while (now_ - times.front() >= within) times.pop_front();
  return times.size() > most;
}

/// Section 7.3: a later ack would cover what was refused, and its sender would forget it.
void Channel::hold(Member& member, const Refusal& refusal) {
  const std::int64_t lowest = refusal.lowest.value_or(member.last_acked + 1);
  member.held = std::min(member.held.value_or(lowest), lowest);
}

void Channel::tick(std::int64_t now) {
  now_ = now;
  for (auto& [id, member] : members_) {
    const bool is_deaf = !member.was_heard && member.greetings < kMostGreetings;
    if (is_deaf && now - member.greeted_at >= kGreetAgain) greet(id, member);
  }
  marks_changed_ = marks_changed_ || (!changed_peers_.empty() && now >= marks_due_);
}

// --- What goes out

void Channel::send(ConnectionId to, std::string frame, net::Weight weight) {
  Send send;
  send.to = {to};
  send.frame = std::make_shared<const std::string>(std::move(frame));
  send.weight = weight;
  emit(std::move(send));
}

/// The version it carries is what a connection has then that has pulled.
void Channel::send_update(std::vector<ConnectionId> to, const std::vector<const Change*>& changes) {
  if (to.empty() || changes.empty()) return;
  Send send;
  send.to = std::move(to);
  send.frame = std::make_shared<const std::string>(write_update(sender(), changes, version_));
  send.completes = version_;
  emit(std::move(send));
}

void Channel::close(ConnectionId id, int code, std::string reason) {
  const auto found = members_.find(id);
  if (found == members_.end() || std::exchange(found->second.is_closed, true)) return;
  emit(Close{id, code, std::move(reason)});
}

void Channel::note_sent(const Send& send) {
  if (!send.completes) return;
  for (const ConnectionId id : send.to) {
    const auto found = members_.find(id);
    if (found == members_.end()) continue;
    Member& member = found->second;
    if (send.ends_pull || member.up_to)
      member.up_to = std::max(member.up_to.value_or(0), *send.completes);
  }
}

// --- The disk

bool Channel::is_changed() const {
  return marks_changed_ || store_.is_touched() || !dropped_peers_.empty();
}

Write Channel::take_write() {
  Write write;
  Lines& lines = write.lines;
  lines.version = version_;
  lines.dialect = dialect_;
  lines.published = published_;
  lines.nodes = nodes_;
  const Touched touched = store_.take_touched();
  for (const CellKey& key : touched.cells) {
    const Cell* cell = store_.find(key);
    cell == nullptr ? write.dropped.push_back(key) : lines.cells.push_back(*cell);
  }
  for (const RowKey& key : touched.rows) {
    const Row& row = *store_.find(key);
    lines.rows.push_back({key, row.cl, row.highest, row.late});
  }
  for (const auto& [key, site] : touched.seen)
    lines.seen.push_back({key, site, store_.find(key)->seen.at(site)});
  for (const auto& [site, event] : std::exchange(changed_peers_, {})) {
    const auto at = peers_.find(site);
    if (at == peers_.end()) continue;
    const auto& number = event == Event::Received ? at->second.received : at->second.delivered;
    lines.peers.push_back({site, event, *number});
  }
  write.dropped_peers = std::exchange(dropped_peers_, {});
  marks_changed_ = false;
  marks_due_ = now_ + kMarkInterval;
  waiting_bytes_ = 0;
  return write;
}

std::vector<Action> Channel::take_actions() {
  std::vector<Action> actions;
  if (!in_flight_ && !failed_ && is_changed()) {
    in_flight_ = true;
    writing_ = accepted_;
    actions.push_back(take_write());
  }
  for (; !outbox_.empty() && outbox_.front().behind <= committed_; outbox_.pop_front()) {
    Action& action = outbox_.front().action;
    if (const auto* send = std::get_if<Send>(&action)) note_sent(*send);
    actions.push_back(std::move(action));
  }
  return actions;
}

void Channel::on_committed() {
  in_flight_ = false;
  committed_ = writing_;
  std::erase_if(unsafe_, [&](const Unsafe& one) { return one.behind <= committed_; });
}

void Channel::on_commit_failed() {
  failed_ = true;
  outbox_.clear();
  accepted_ = committed_;
  for (const Unsafe& one : std::exchange(unsafe_, {})) {
    if (!members_.contains(one.connection)) continue;
    const Refusal refusal{Fault::Storage, "not written", one.version, true, {}};
    send(one.connection, write_error(sender(), refusal));
  }
  for (const auto& [id, member] : members_) close(id, kStorage, "storage");
}

// --- What others want to know

std::vector<PeerLine> Channel::peers() const {
  std::vector<PeerLine> lines;
  for (const auto& [site, peer] : peers_) {
    if (peer.received) lines.push_back({site, Event::Received, *peer.received});
    if (peer.delivered) lines.push_back({site, Event::Delivered, *peer.delivered});
  }
  return lines;
}

std::pair<std::int64_t, double> Channel::lag() const {
  std::int64_t most = 0, sum = 0, count = 0;
  for (const auto& [id, member] : members_) {
    const auto at = peers_.find(member.site);
    if (at == peers_.end()) continue;
    const std::int64_t distance = version_ - at->second.delivered.value_or(0);
    most = std::max(most, distance);
    sum += distance;
    ++count;
  }
  return {most, count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count)};
}

}  // namespace vuer_rtc::table
