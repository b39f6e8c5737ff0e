// Two ordered maps; an insert waits in both.
#include "text/waiting.hpp"

#include <iterator>

#include "base/assert.hpp"

namespace vuer_rtc {
namespace {

constexpr std::size_t kMapNode = 64;  // what a map adds to an element, at most

}  // namespace

WaitingInserts::Hanging WaitingInserts::hanging(const Entry& entry) {
  return {entry.anchor.agent, entry.anchor.n, entry.first.agent, entry.first.n};
}

void WaitingInserts::add(const Entry& entry) {
  entries_.emplace(Key{entry.first.agent, entry.first.n}, entry);
  by_anchor_.insert(hanging(entry));
}

bool WaitingInserts::take(const IdRange& anchors, Entry& out) {
  const auto found = by_anchor_.lower_bound(Hanging{anchors.agent, anchors.n, 0, 0});
  if (found == by_anchor_.end()) return false;
  const auto& [anchor_agent, anchor_n, agent, n] = *found;
  if (anchor_agent != anchors.agent || anchor_n - anchors.n >= anchors.length) return false;
  const auto entry = entries_.find(Key{agent, n});
  out = entry->second;
  entries_.erase(entry);
  by_anchor_.erase(found);
  return true;
}

void WaitingInserts::set_undone(const IdRange& units, bool undone) {
  auto at = entries_.upper_bound(Key{units.agent, units.n});
  if (at != entries_.begin()) --at;
  for (; at != entries_.end() && at->first < Key{units.agent, units.n + units.length}; ++at) {
    Entry& entry = at->second;
    const bool touches =
        entry.first.agent == units.agent && entry.first.n + entry.content.size() > units.n;
    if (touches) entry.undone = undone;
  }
}

std::size_t WaitingInserts::growth() {
  return sizeof(Entry) + sizeof(Key) + sizeof(Hanging) + 2 * kMapNode;
}

void WaitingInserts::check() const {
  RTC_ASSERT(entries_.size() == by_anchor_.size());
  for (const auto& [key, entry] : entries_) {
    RTC_ASSERT(key == Key(entry.first.agent, entry.first.n) && !entry.content.empty());
    RTC_ASSERT(by_anchor_.count(hanging(entry)) == 1);
  }
}

}  // namespace vuer_rtc
