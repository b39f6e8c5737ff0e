// Undone or not.
#include "history/verdicts.hpp"

#include <algorithm>
#include <functional>

#include "base/assert.hpp"
#include "base/sort.hpp"

namespace vuer_rtc {

void Verdicts::add(std::string_view target, Place place, bool is_undo) {
  auto& entries = entries_[std::string(target)];
  const auto at = std::partition_point(entries.begin(), entries.end(), [&](const Entry& entry) {
    return messages_.before(entry.place, place);
  });
  entries.insert(at, Entry{place, is_undo});
}

void Verdicts::remove(std::string_view target, Place place) {
  const auto found = entries_.find(std::string(target));
  RTC_ASSERT(found != entries_.end());
  auto& entries = found->second;
  const auto at = std::find_if(entries.begin(), entries.end(),
                               [&](const Entry& entry) { return entry.place == place; });
  RTC_ASSERT(at != entries.end());
  entries.erase(at);
  if (entries.empty()) entries_.erase(found);
}

/// The greatest meta op whose target is in reach: not folded when the server accepted it, and
/// itself no meta message.
const Verdicts::Entry* Verdicts::deciding(const std::string& target,
                                          const std::vector<std::uint8_t>* only) const {
  const auto found = entries_.find(target);
  if (found == entries_.end()) return nullptr;
  const MessageIndex index = messages_.find(target);
  const auto& entries = found->second;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (only && !(*only)[entry->place.message]) continue;
    if (index == kNoMessage) return &*entry;
    const MessageRecord& message = messages_[index];
    const auto lt = static_cast<std::int64_t>(message.lt);
    if (!message.has_meta && lt > messages_[entry->place.message].stable) return &*entry;
  }
  return nullptr;
}

bool Verdicts::is_undone(std::string_view target) const {
  if (entries_.empty() && carried_.empty()) return false;
  const std::string id(target);
  if (const Entry* entry = deciding(id, nullptr)) return entry->is_undo;
  return std::find(carried_.begin(), carried_.end(), id) != carried_.end();
}

double Verdicts::decided_at(std::string_view target) const {
  const Entry* entry = deciding(std::string(target), nullptr);
  return entry ? messages_[entry->place.message].ts : 0;
}

void Verdicts::fold(const std::vector<std::uint8_t>& is_folded) {
  const auto keep = [&](const std::string& id) {
    const MessageIndex index = messages_.find(id);
    return index == kNoMessage || !is_folded[index];
  };
  std::vector<std::string> carried;
  for (const std::string& id : carried_) {
    if (keep(id) && !(entries_.count(id) && deciding(id, &is_folded))) carried.push_back(id);
  }
  for (auto found = entries_.begin(); found != entries_.end();) {
    auto& entries = found->second;
    const Entry* entry = deciding(found->first, &is_folded);
    if (entry && entry->is_undo && keep(found->first)) carried.push_back(found->first);
    const auto folded = [&](const Entry& e) { return is_folded[e.place.message]; };
    entries.erase(std::remove_if(entries.begin(), entries.end(), folded), entries.end());
    found = entries.empty() ? entries_.erase(found) : std::next(found);
  }
  sort_range(carried.begin(), carried.end(), std::less<>());
  carried_ = std::move(carried);
}

std::vector<std::string> Verdicts::carried() const { return carried_; }

std::size_t Verdicts::carried_bytes() const {
  constexpr std::size_t kPerId = 4 * sizeof(std::string);
  std::size_t bytes = 0;
  for (const auto& [target, entries] : entries_) bytes += kPerId + 3 * target.size();
  for (const std::string& target : carried_) bytes += kPerId + 3 * target.size();
  return bytes;
}

}  // namespace vuer_rtc
