#include "protocol/yjs/awareness.hpp"

#include <algorithm>

#include "protocol/yjs/json.hpp"

namespace vuer_rtc::yjs {
namespace {

constexpr std::string_view kGone = "null";
constexpr std::int64_t kSilence = 30'000;
constexpr std::int64_t kTombstoneTime = 3'600'000;
constexpr std::size_t kMostOwned = 16;
constexpr std::size_t kMostKnown = 10'000;  // tombstones included
constexpr std::uint64_t kLeastEntry = 3;

/// The library of the clients writes what JavaScript takes for false as null.
bool is_shown_as_gone(std::string_view state) {
  return state == "false" || state == "0" || state == "-0" || state == "\"\"";
}

}  // namespace

std::optional<std::vector<Presence>> read_awareness(ByteSpan bytes) {
  Reader reader(bytes);
  std::vector<Presence> entries;
  for (std::uint64_t n = reader.count(kLeastEntry); n > 0 && reader.ok(); n--) {
    Presence entry;
    entry.client = reader.var_uint();
    entry.clock = reader.var_uint();
    const std::string_view state = reader.var_string();
    if (!is_json(state)) return std::nullopt;
    entry.state = trim_json(state) == kGone ? kGone : state;
    entries.push_back(std::move(entry));
  }
  if (!reader.ok() || reader.left() != 0) return std::nullopt;
  return entries;
}

Bytes write_awareness(std::span<const Presence> entries) {
  Writer writer;
  writer.var_uint(entries.size());
  for (const Presence& entry : entries) {
    writer.var_uint(entry.client);
    writer.var_uint(entry.clock);
    writer.var_string(is_shown_as_gone(trim_json(entry.state)) ? kGone : entry.state);
  }
  return writer.take();
}

Presence Awareness::presence(std::uint64_t client, const Known& known) {
  return {client, known.clock, known.state.value_or(std::string(kGone))};
}

bool Awareness::accept(const Presence& entry, Owner owner, std::int64_t now) {
  const bool is_gone = entry.state == kGone;
  const auto found = known_.find(entry.client);
  const Known cur = found == known_.end() ? Known{} : found->second;
  const bool is_newer =
      entry.clock > cur.clock || (entry.clock == cur.clock && is_gone && cur.state);
  if (!is_newer) return false;
  std::set<std::uint64_t>& mine = owned_[owner];
  const bool is_foreign = cur.state && cur.owner != owner;
  const bool is_full = (!is_gone && !mine.contains(entry.client) && mine.size() >= kMostOwned) ||
                       (found == known_.end() && known_.size() >= kMostKnown);
  if (is_foreign || is_full) return dropped_++, false;
  Known next{entry.clock, std::nullopt, now, owner};
  if (is_gone) {
    mine.erase(entry.client);
  } else {
    next.state = entry.state;
    mine.insert(entry.client);
  }
  known_[entry.client] = std::move(next);
  return true;
}

std::vector<Presence> Awareness::apply(std::span<const Presence> entries, Owner owner,
                                       std::int64_t now) {
  std::vector<std::uint64_t> changed;
  for (const Presence& entry : entries) {
    const bool is_stranger = !known_.contains(entry.client);
    if (!accept(entry, owner, now) || (is_stranger && entry.state == kGone)) continue;
    if (std::find(changed.begin(), changed.end(), entry.client) == changed.end())
      changed.push_back(entry.client);
  }
  std::vector<Presence> out;
  for (const std::uint64_t client : changed) out.push_back(presence(client, known_.at(client)));
  return out;
}

std::vector<Presence> Awareness::live() const {
  std::vector<Presence> out;
  for (const auto& [client, known] : known_)
    if (known.state) out.push_back(presence(client, known));
  return out;
}

std::vector<Presence> Awareness::leave(Owner owner) {
  std::vector<Presence> out;
  const auto found = owned_.find(owner);
  if (found == owned_.end()) return out;
  for (const std::uint64_t client : found->second) {
    known_.at(client).state.reset();
    out.push_back(presence(client, known_.at(client)));
  }
  owned_.erase(found);
  return out;
}

std::vector<Presence> Awareness::expire(std::int64_t now) {
  std::vector<Presence> out;
  for (auto at = known_.begin(); at != known_.end();) {
    auto& [client, known] = *at;
    if (known.state && now - known.seen >= kSilence) {
      known.state.reset();
      owned_[known.owner].erase(client);
      out.push_back(presence(client, known));
    }
    at = !known.state && now - known.seen >= kTombstoneTime ? known_.erase(at) : std::next(at);
  }
  return out;
}

}  // namespace vuer_rtc::yjs
