// Sets and counts over ranges of numbers.
#include "text/ranges.hpp"

#include <algorithm>
#include <iterator>

#include "base/assert.hpp"

namespace vuer_rtc {
namespace {

constexpr std::size_t kMapNode = 64;  // an element of these maps, at most

}  // namespace

bool RangeSet::touches(std::uint64_t from, std::uint64_t to) const {
  if (from >= to || from >= end()) return false;
  const auto behind = ends_.lower_bound(to);  // the first that begins at or behind `to`
  return behind != ends_.begin() && std::prev(behind)->second > from;
}

void RangeSet::add(std::uint64_t from, std::uint64_t to) {
  auto behind = from >= end() ? ends_.end() : ends_.upper_bound(from);
  if (behind != ends_.end() && behind->first == to) {
    to = behind->second;
    behind = ends_.erase(behind);
  }
  if (behind != ends_.begin() && std::prev(behind)->second == from) {
    std::prev(behind)->second = to;
  } else {
    ends_.emplace_hint(behind, from, to);
  }
}

std::size_t RangeSet::growth() { return kMapNode; }

void RangeSet::check() const {
  std::uint64_t end = 0;
  for (const auto& [from, to] : ends_) {
    RTC_ASSERT(from < to && (end == 0 || from > end));
    end = to;
  }
}

/// The boundary at this number, made when there is none.
RangeCounts::Map::iterator RangeCounts::cut(std::uint64_t at) {
  const auto found = counts_.lower_bound(at);
  if (found != counts_.end() && found->first == at) return found;
  const std::uint32_t before = found == counts_.begin() ? 0 : std::prev(found)->second;
  return counts_.emplace_hint(found, at, before);
}

/// Drops the boundary at this number when nothing changes there.
void RangeCounts::join(std::uint64_t at) {
  const auto found = counts_.find(at);
  if (found == counts_.end()) return;
  const std::uint32_t before = found == counts_.begin() ? 0 : std::prev(found)->second;
  if (found->second == before) counts_.erase(found);
}

void RangeCounts::add(std::uint64_t from, std::uint64_t to) {
  if (from >= to) return;
  const auto first = cut(from);
  const auto end = cut(to);
  for (auto at = first; at != end; ++at) ++at->second;
  join(to);
  join(from);
}

void RangeCounts::subtract(std::uint64_t from, std::uint64_t to) {
  if (from >= to) return;
  const auto first = cut(from);
  const auto end = cut(to);
  for (auto at = first; at != end; ++at) {
    RTC_ASSERT(at->second > 0);
    --at->second;
  }
  join(to);
  join(from);
}

void RangeCounts::clear(std::uint64_t from, std::uint64_t to) {
  if (from >= to || counts_.empty()) return;
  const auto first = cut(from);
  const auto end = cut(to);
  first->second = 0;
  counts_.erase(std::next(first), end);
  join(to);
  join(from);
}

void RangeCounts::visit(std::uint64_t from, std::uint64_t to, const Visit& visit) const {
  auto at = counts_.upper_bound(from);
  if (at != counts_.begin()) --at;
  for (; at != counts_.end() && at->first < to; ++at) {
    const auto next = std::next(at);
    if (at->second == 0) continue;
    RTC_ASSERT(next != counts_.end());
    const std::uint64_t begin = std::max(from, at->first);
    const std::uint64_t end = std::min(to, next->first);
    if (begin < end) visit(begin, end, at->second);
  }
}

std::size_t RangeCounts::growth(std::size_t boundaries) {
  return boundaries > 0 ? (2 + boundaries) * 2 * kMapNode : 0;
}

void RangeCounts::check() const {
  std::uint32_t last = 0;
  for (const auto& [from, count] : counts_) {
    RTC_ASSERT(count != last);
    last = count;
  }
  RTC_ASSERT(last == 0);
}

}  // namespace vuer_rtc
