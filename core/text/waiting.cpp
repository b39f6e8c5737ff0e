// One ordered map, by anchor.
#include "text/waiting.hpp"

#include "base/assert.hpp"

namespace vuer_rtc {
namespace {

constexpr std::size_t kMapNode = 64;  // what a map adds to an element, at most

}  // namespace

WaitingInserts::Key WaitingInserts::key_of(const Entry& entry) {
  return {entry.anchor.agent, entry.anchor.n, entry.first.agent, entry.first.n};
}

void WaitingInserts::add(const Entry& entry) { entries_.emplace(key_of(entry), entry); }

bool WaitingInserts::take(const IdRange& anchors, Entry& out) {
  const auto found = entries_.lower_bound(Key{anchors.agent, anchors.n, 0, 0});
  if (found == entries_.end()) return false;
  const UnitId anchor = found->second.anchor;
  if (anchor.agent != anchors.agent || anchor.n - anchors.n >= anchors.length) return false;
  out = found->second;
  entries_.erase(found);
  return true;
}

void WaitingInserts::set_undone(const IdRange& units, bool undone) {
  for (auto& [key, entry] : entries_) {
    const bool touches = entry.first.agent == units.agent &&
                         entry.first.n < units.n + units.length &&
                         entry.first.n + entry.content.size() > units.n;
    if (touches) entry.undone = undone;
  }
}

std::size_t WaitingInserts::growth() { return sizeof(Entry) + sizeof(Key) + kMapNode; }

void WaitingInserts::check() const {
  for (const auto& [key, entry] : entries_) {
    RTC_ASSERT(key == key_of(entry) && !entry.content.empty());
  }
}

}  // namespace vuer_rtc
