#include "protocol/yjs/store.hpp"

#include <algorithm>

namespace vuer_rtc::yjs {
namespace {

std::vector<Range> normalized(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.from < b.from; });
  std::vector<Range> out;
  for (const Range& range : ranges) {
    if (!out.empty() && range.from <= out.back().to) {
      out.back().to = std::max(out.back().to, range.to);
    } else {
      out.push_back(range);
    }
  }
  return out;
}

/// The parts of `ranges` that `known` does not cover; both are normalized.
std::vector<Range> uncovered(std::span<const Range> known, std::span<const Range> ranges) {
  std::vector<Range> parts;
  auto next = known.begin();
  Clock covered = 0;  // by the known ranges that begin before the present place
  for (const Range& range : ranges) {
    Clock at = range.from;
    for (; next != known.end() && next->from <= range.to; covered = next++->to) {
      at = std::max(at, covered);
      if (at < next->from) parts.push_back({at, next->from});
    }
    at = std::max(at, covered);
    if (at < range.to) parts.push_back({at, range.to});
  }
  return parts;
}

std::uint64_t covered(std::span<const Range> ranges) {
  std::uint64_t sum = 0;
  for (const Range& range : ranges) sum += range.to - range.from;
  return sum;
}

/// The parts of `structs` (ascending) that `stored` has not.
std::vector<Struct> unknown_parts(const Line& stored, const std::vector<Struct>& structs) {
  std::vector<Struct> parts;
  for (const Struct& one : structs) {
    Clock at = one.clock;
    for (auto next = stored.find_behind(at); at < one.end();) {
      if (next != stored.structs.end() && next->clock <= at) {
        at = next++->end();
        continue;
      }
      const Clock to = next == stored.structs.end() ? one.end() : std::min(one.end(), next->clock);
      parts.push_back(cut(one, at, to));
      at = to;
    }
  }
  return parts;
}

}  // namespace

std::vector<Struct>::const_iterator Line::find_behind(Clock clock) const {
  return std::upper_bound(structs.begin(), structs.end(), clock,
                          [](Clock wanted, const Struct& one) { return wanted < one.end(); });
}

/// At the end, where most belong, without moving anything.
void Line::merge(const std::vector<Struct>& parts) {
  const auto by_clock = [](const Struct& a, const Struct& b) { return a.clock < b.clock; };
  const auto count = static_cast<std::ptrdiff_t>(structs.size());
  structs.insert(structs.end(), parts.begin(), parts.end());
  const auto middle = structs.begin() + count;
  if (count != 0 && parts.front().clock < (middle - 1)->clock) {
    const auto from = std::upper_bound(structs.begin(), middle, parts.front(), by_clock);
    std::inplace_merge(from, middle, structs.end(), by_clock);
  }
  while (run < structs.size() && structs[run].clock == run_end()) run++;
}

void Store::add_structs(const Update::Block<Struct>& block, Delta& delta) {
  if (block.entries.empty()) return;
  Line& stored = lines_[block.client];
  const std::vector<Struct> parts = unknown_parts(stored, block.entries);
  if (parts.size() != block.entries.size()) delta.is_all_new = false;
  for (std::size_t i = 0; i < parts.size() && delta.is_all_new; i++)
    delta.is_all_new = parts[i].length == block.entries[i].length;
  if (parts.empty()) return;
  const bool had_hole = stored.has_hole();
  stored.merge(parts);
  struct_count_ += parts.size();
  hole_count_ += stored.has_hole();
  hole_count_ -= had_hole;
  delta.news.lines_[block.client].merge(parts);
  if (parts.back().end() > stored.run_end()) delta.has_hole = true;
}

void Store::add_ranges(const Update::Block<Range>& block, Delta& delta) {
  const std::vector<Range> ranges = normalized(block.entries);
  if (ranges.empty()) return;
  std::vector<Range>& known = deletes_[block.client];
  // Only the known ranges that these touch take part.
  const auto first = std::lower_bound(known.begin(), known.end(), ranges.front().from,
                                      [](const Range& one, Clock from) { return one.to < from; });
  const auto last = std::upper_bound(first, known.end(), ranges.back().to,
                                     [](Clock to, const Range& one) { return to < one.from; });
  const std::vector<Range> parts = uncovered(std::span(first, last), ranges);
  if (covered(parts) != covered(block.entries)) delta.is_all_new = false;
  if (parts.empty()) return;
  std::vector<Range> both(first, last);
  both.insert(both.end(), parts.begin(), parts.end());
  both = normalized(std::move(both));
  known.insert(known.erase(first, last), both.begin(), both.end());
  std::vector<Range>& news = delta.news.deletes_[block.client];
  news.insert(news.end(), parts.begin(), parts.end());
  news = normalized(std::move(news));
}

Delta Store::add(const Update& update) {
  Delta delta;
  for (const auto& block : update.structs) add_structs(block, delta);
  for (const auto& block : update.deletes) add_ranges(block, delta);
  return delta;
}

StateVector Store::vector() const {
  StateVector vector;
  for (const auto& [client, line] : lines_)
    if (line.run != 0) vector.set(client, line.run_end());
  return vector;
}

Bytes Store::encode(const StateVector& from) const {
  UpdateWriter update;
  for (const auto& [client, line] : lines_) {
    const Clock known = from.at(client);
    BlockWriter block(client);
    for (auto one = line.find_behind(known); one != line.structs.end(); ++one)
      block.put(cut(*one, std::max(known, one->clock), one->end()));
    update.add(block);
  }
  for (const auto& [client, ranges] : deletes_) update.add_deletes(client, ranges);
  return update.take();
}

std::vector<Bytes> Store::wire(const StateVector& from) const {
  std::vector<UpdateWriter> parts(1);
  for (const auto& [client, line] : lines_) {
    const Clock known = from.at(client);
    BlockWriter block(client);
    std::size_t run = 0;
    for (auto one = line.find_behind(known); one != line.structs.end(); ++one) {
      const Struct rest = cut(*one, std::max(known, one->clock), one->end());
      if (!block.empty() && block.end() != rest.clock) {
        parts[run++].add(block);
        block = BlockWriter(client);
        parts.resize(std::max(parts.size(), run + 1));
      }
      block.put(rest);
    }
    parts[run].add(block);
  }
  for (const auto& [client, ranges] : deletes_) parts[0].add_deletes(client, ranges);
  std::vector<Bytes> updates;
  for (const UpdateWriter& part : parts) updates.push_back(part.take());
  return updates;
}

std::string Store::check() const {
  for (const auto& [client, line] : lines_) {
    Clock end = 0;
    if (line.structs.empty()) return "a client without structs";
    for (const Struct& one : line.structs) {
      if (one.clock < end || one.length == 0) return "structs overlap or are empty";
      end = one.end();
      if (one.kind == Kind::Gc) continue;
      const Head head = head_of(one, client);
      const bool has_neighbour = head.origin || head.right_origin;
      if (has_neighbour == (head.parent || head.root)) return "an item with two places or none";
    }
    if (end > kMaxInteger) return "a clock beyond all numbers";
  }
  for (const auto& [client, ranges] : deletes_) {
    for (std::size_t i = 0; i < ranges.size(); i++) {
      if (ranges[i].from >= ranges[i].to) return "an empty range";
      if (i > 0 && ranges[i - 1].to >= ranges[i].from) return "ranges touch";
    }
  }
  return {};
}

}  // namespace vuer_rtc::yjs
