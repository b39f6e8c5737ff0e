// Updates and pulls of clients (sections 5 to 9 and 11 of the table endpoint specification).
#include <algorithm>

#include "protocol/table/channel.hpp"

namespace vuer_rtc::table {
namespace {

constexpr std::int64_t kMostJump = std::int64_t{1} << 40;
constexpr std::size_t kChunkBytes = 1u << 20;
constexpr int kChunksAtOnce = 4;
constexpr std::size_t kMostPulls = 10;  // in a second

}  // namespace

/// The checks that need the channel; nothing was changed yet (section 11, step 2).
std::optional<Refusal> Channel::check(const Member& member, const Message& message) const {
  const auto refuse = [&](Fault fault, std::string text) {
    return refusal_of(message, fault, std::move(text));
  };
  if (!member.may_write) return refuse(Fault::Forbidden, "no right to write");
  if (dialect_ != Dialect::Unset && dialect_ != dialect_of(message.site))
    return refuse(Fault::DialectMismatch,
                  dialect_ == Dialect::Plain ? "channel uses plain" : "channel uses cr-sqlite");
  for (std::size_t at = 0; at < message.changes.size(); ++at)
    if (message.changes[at].db_version > version_ + kMostJump)
      return refuse(Fault::VersionJump, "change " + std::to_string(at) + ": db_version");
  if (store_.content_bytes() > options_.content_bytes)
    return refuse(Fault::Storage, "the channel is full");
  return std::nullopt;
}

// --- Updates

/// Section 11: ack, forward, repair, publish; all of it waits for the commit.
void Channel::update(ConnectionId id, Member& member, Message message) {
  ++figures_.updates;
  ++accepted_;
  dialect_ = dialect_of(message.site);
  marks_changed_ = true;
  for (const Change& change : message.changes)
    waiting_bytes_ += sizeof change + change.row.pk.size();
  const Merged merged = Merge(store_, dialect_, site()).client(message.changes);
  figures_.lost += merged.lost;
  number(merged, message.changes);
  const Ack ack = answer(member, message);
  unsafe_.push_back({id, message.version, accepted_});
  send(id, write_ack(sender(), ack));
  if (!merged.won.empty()) forward(merged.won, id);
  repair(id, merged);
  publish(merged.won);
}

/// Section 6: one number for all winners of a message.
void Channel::number(const Merged& merged, const Changes& changes) {
  figures_.won += merged.won.size();
  figures_.reissued += merged.reissued.size();
  if (merged.won.empty()) return;
  ++version_;
  for (const Change& change : changes) version_ = std::max(version_, change.db_version);
  for (const CellKey& key : merged.won) store_.renumber(key, version_);
}

/// Section 7: what its sender may take for safe.
Ack Channel::answer(Member& member, const Message& message) {
  Ack ack;
  ack.server_version = version_;
  if (release(member, message)) member.held.reset();
  Peer& peer = this->peer(message.site);
  const std::int64_t received = peer.received.value_or(0);
  ack.held = member.held.has_value();
  ack.gap = message.since && *message.since > received;
  if (!ack.held && !ack.gap) {
    peer.received = std::max(received, message.version);
    changed_peers_.insert({message.site, Event::Received});
  }
  const bool is_literal = options_.ack_version == AckVersion::Server;
  ack.version = ack.held  ? member.last_acked
                : ack.gap ? received
                          : (is_literal ? version_ : message.version);
  member.last_acked = std::max(member.last_acked, ack.version);
  return ack;
}

/// Section 7.3: does it bring again what was refused?
bool Channel::release(const Member& member, const Message& message) {
  if (!member.held) return false;
  if (message.since && *message.since < *member.held) return true;
  return std::any_of(message.changes.begin(), message.changes.end(), [&](const Change& change) {
    return change.site == message.site && change.db_version <= *member.held;
  });
}

std::vector<const Change*> Channel::tuples(const std::set<CellKey>& keys) const {
  std::vector<const Change*> found;
  for (const CellKey& key : keys) found.push_back(&store_.find(key)->change);
  std::sort(found.begin(), found.end(),
            [](const Change* a, const Change* b) { return is_sent_before(*a, *b); });
  return found;
}

/// A plain client reads every marker as a deletion.
bool Channel::is_for_clients(const Change& change) const {
  return dialect_ == Dialect::Causal || !change.is_marker() || change.cl % 2 == 0;
}

std::vector<const Change*> Channel::tuples_for_clients(const std::set<CellKey>& keys) const {
  std::vector<const Change*> found = tuples(keys);
  std::erase_if(found, [&](const Change* change) { return !is_for_clients(*change); });
  return found;
}

void Channel::forward(const std::set<CellKey>& won, std::optional<ConnectionId> except) {
  std::vector<ConnectionId> to;
  for (const auto& [id, member] : members_)
    if (id != except && !member.is_closed) to.push_back(id);
  send_update(std::move(to), tuples_for_clients(won));
}

/// Section 9: what it lost against, what the server changed, rows that were gone.
void Channel::repair(ConnectionId id, const Merged& merged) {
  std::set<CellKey> keys = merged.repair;
  keys.insert(merged.reissued.begin(), merged.reissued.end());
  send_update({id}, tuples_for_clients(keys));
}

// --- Pulls

/// Section 8: from where it is answered.
void Channel::pull(ConnectionId id, Member& member, const Message& message) {
  if (is_too_often(member.pulls, kMostPulls, 1000))
    return refuse(id, member, refusal_of(message, Fault::RateLimited, "try later"));
  ++figures_.pulls;
  if (member.site != message.site) member.up_to.reset();
  member.site = message.site;
  const std::int64_t delivered = peer(message.site).delivered.value_or(0);
  Pull pull{message.site, 0, message.full};
  if (!message.full && options_.pull == PullMode::Tracked)
    pull.after = std::min(message.version, delivered);
  if (!message.full && options_.pull == PullMode::Literal) pull.after = message.version;
  member.pull = std::move(pull);
  for (int i = 0; i < kChunksAtOnce; ++i) send_chunk(id, member);
}

void Channel::drained(ConnectionId connection) {
  const auto found = members_.find(connection);
  if (found == members_.end()) return;
  for (int i = 0; i < kChunksAtOnce; ++i) send_chunk(connection, found->second);
}

bool Channel::is_wanted(const Pull& pull, const Change& change) const {
  if (!is_for_clients(change)) return false;
  const bool may_lack = dialect_ == Dialect::Plain && change.cl != 1;
  return pull.is_full || may_lack || change.site != pull.site;
}

/// The next message of an answer: never cut inside one version.
void Channel::send_chunk(ConnectionId id, Member& member) {
  if (!member.pull) return;
  Pull& pull = *member.pull;
  std::vector<const Change*> changes;
  std::size_t bytes = 0;
  auto at = store_.first_after(pull.after);
  for (; at != store_.end(); ++at) {
    const Change& change = **at;
    const bool is_full = changes.size() >= options_.pull_chunk || bytes >= kChunkBytes;
    if (is_full && change.db_version != pull.after) break;
    pull.after = change.db_version;
    if (!is_wanted(pull, change)) continue;
    changes.push_back(&change);
    const auto* text = std::get_if<std::string>(&change.val);
    bytes += change.row.pk.size() + (text == nullptr ? 0 : text->size());
  }
  Send send;
  send.ends_pull = at == store_.end();
  send.completes = send.ends_pull ? version_ : pull.after;
  send.to = {id};
  send.weight = net::Weight::JoinData;
  const std::string text = write_update(sender(), changes, *send.completes);
  if (!send.ends_pull) send.completes.reset();
  send.frame = std::make_shared<const std::string>(text);
  if (send.ends_pull) member.pull.reset();
  emit(std::move(send));
}

// --- Delivery marks

void Channel::pinged(ConnectionId connection, bool all_sent) {
  const auto found = members_.find(connection);
  if (found == members_.end()) return;
  found->second.pinged = all_sent ? found->second.up_to : std::nullopt;
}

void Channel::ponged(ConnectionId connection) {
  const auto found = members_.find(connection);
  if (found == members_.end()) return;
  const auto proven = std::exchange(found->second.pinged, std::nullopt);
  if (proven) deliver(found->second.site, *proven);
}

void Channel::deliver(const std::string& site, std::int64_t version) {
  Peer& peer = this->peer(site);
  if (version <= peer.delivered.value_or(0)) return;
  peer.delivered = version;
  changed_peers_.insert({site, Event::Delivered});
}

/// Section 14: when there are too many sites, the one goes that was heard of longest ago.
Channel::Peer& Channel::peer(const std::string& site) {
  Peer& peer = peers_[site];
  peer.used = ++uses_;
  if (peers_.size() <= options_.max_sites) return peer;
  const auto is_here = [&](const std::string& name) {
    return std::any_of(members_.begin(), members_.end(),
                       [&](const auto& member) { return member.second.site == name; });
  };
  auto oldest = peers_.end();
  for (auto at = peers_.begin(); at != peers_.end(); ++at) {
    const bool is_older = oldest == peers_.end() || at->second.used < oldest->second.used;
    if (is_older && at->first != site && !is_here(at->first)) oldest = at;
  }
  if (oldest == peers_.end()) return peer;
  dropped_peers_.push_back(oldest->first);
  peers_.erase(oldest);
  return peer;
}

}  // namespace vuer_rtc::table
