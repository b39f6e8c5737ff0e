// Writing a text in columns: runs in document order are joined to inserts by author and number, and
// to chains of units that hang under one another.
#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "base/sort.hpp"
#include "text/columns.hpp"

namespace vuer_rtc {
namespace {

struct Columns {
  std::vector<std::uint64_t> of[kColumnCount];
  void add(Column column, std::uint64_t value) { of[column].push_back(value); }
};

/// A run without its content.
struct Part {
  UnitId first, anchor;
  std::uint64_t length, seq;
  double ts;
  bool visible;
  std::uint64_t end() const { return first.n + length; }
  bool holds(UnitId unit) const {
    return unit.agent == first.agent && unit.n >= first.n && unit.n < end();
  }
  bool is_typed_on(const Part& next) const {
    return next.first.agent == first.agent && next.first.n == end() &&
           next.anchor == UnitId{first.agent, end() - 1};
  }
};

/// By author and number. Names are compared, not their numbers: those depend on who was heard of
/// first.
struct IsBefore {
  const Names& agents;
  bool operator()(const Part& a, const Part& b) const {
    if (a.first.agent == b.first.agent) return a.first.n < b.first.n;
    return compare_agents(agents.view(a.first.agent), agents.view(b.first.agent)) < 0;
  }
};

bool is_one_insert(const Part& a, const Part& b) { return a.seq == b.seq && a.ts == b.ts; }
bool is_one_chain(const Part& a, const Part& b) { return a.visible == b.visible; }

/// What was typed on becomes one part where it is alike.
std::vector<Part> joined(const std::vector<Part>& parts,
                         bool (*is_alike)(const Part&, const Part&)) {
  std::vector<Part> out;
  for (const Part& part : parts) {
    if (!out.empty() && out.back().is_typed_on(part) && is_alike(out.back(), part)) {
      out.back().length += part.length;
    } else {
      out.push_back(part);
    }
  }
  return out;
}

std::uint64_t bits_of(double ts) {
  std::uint64_t bits;
  std::memcpy(&bits, &ts, 8);
  return bits;
}

/// The times of a text end in the same zero bits mostly: they are whole milliseconds.
void add_inserts(const std::vector<Part>& inserts, Columns& columns) {
  std::uint64_t any = 0;
  for (const Part& insert : inserts) any |= bits_of(insert.ts);
  const int zero_bits = any == 0 ? 0 : __builtin_ctzll(any);
  columns.add(kTimes, static_cast<std::uint64_t>(zero_bits));
  const Part* last = nullptr;
  std::uint64_t seq = 0, time = 0;
  for (const Part& insert : inserts) {
    const bool is_first = !last || last->first.agent != insert.first.agent;
    if (is_first) columns.add(kCounts, 0);
    ++columns.of[kCounts].back();
    columns.add(kGaps, insert.first.n - (is_first ? 0 : last->end()));
    columns.add(kLengths, insert.length);
    columns.add(kSeqs, fold_sign(insert.seq - seq));
    columns.add(kTimes, fold_sign((bits_of(insert.ts) >> zero_bits) - time));
    seq = insert.seq;
    time = bits_of(insert.ts) >> zero_bits;
    last = &insert;
  }
}

void add_chains(const std::vector<Part>& chains, const std::vector<Part>& inserts,
                IsBefore is_before, Columns& columns) {
  std::vector<Part> path;  // from the root to the chain before
  std::uint64_t last = 0;
  for (const Part& chain : chains) {
    std::uint64_t up = 0;
    for (; !path.empty() && !path.back().holds(chain.anchor); ++up) path.pop_back();
    RTC_ASSERT(path.empty() == chain.anchor.is_none());
    const std::uint64_t back = path.empty() ? 0 : path.back().end() - chain.anchor.n - 1;
    const bool continues = !path.empty() && chain.anchor.agent == chain.first.agent &&
                           chain.anchor.n + 1 == chain.first.n;
    columns.add(kHeads, up << kHeadBits | (continues ? kContinues : 0) |
                            (chain.visible ? 0 : kHidden) | (back > 0 ? kBack : 0));
    if (back > 0) {
      columns.add(kHeads, back);
      path.back().length -= back;
    }
    columns.add(kSizes, chain.length);
    path.push_back(chain);
    if (continues) continue;
    const auto insert = std::lower_bound(inserts.begin(), inserts.end(), chain, is_before);
    const auto index = static_cast<std::uint64_t>(insert - inserts.begin());
    columns.add(kBegun, fold_sign(index - last));
    last = index;
  }
}

void write_agents(const std::vector<Part>& inserts, const Columns& columns, const Names& agents,
                  MsgWriter& writer) {
  writer.array(static_cast<std::uint32_t>(columns.of[kCounts].size()));
  const Part* insert = inserts.data();
  for (const std::uint64_t count : columns.of[kCounts]) {
    writer.string(agents.view(insert->first.agent));
    insert += count;
  }
}

/// As UTF-8, or, where that cannot say it, as UTF-16, the lower byte first.
void write_units(const std::u16string& units, MsgWriter& writer) {
  std::string text;
  std::u16string again;
  append_utf8(units, text);
  append_utf16(text, again);
  if (again == units) return writer.string(text);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(units.data());
  writer.binary({bytes, 2 * units.size()});
}

}  // namespace

void write_columns(const Sequence& sequence, const Names& agents, bool is_shown,
                   std::size_t& dropped, Bytes& out) {
  std::vector<Part> parts;
  std::u16string units;
  std::size_t hidden = 0;
  bool cuts_pair = false;
  sequence.for_each_run([&](const Run& run) {
    parts.push_back({run.first, run.anchor, run.length, run.seq, run.ts, run.visible});
    if (!run.visible) hidden += run.length;
    if (!run.visible) return;
    units += run.content;
    cuts_pair =
        cuts_pair || is_low_surrogate(run.content.front()) || is_high_surrogate(run.content.back());
  });
  // Half a pair is kept with its other half, wherever that stands.
  const bool keeps_all = cuts_pair || dropped + hidden > kMaxDroppedInColumns;
  if (keeps_all) {
    units.clear();
    sequence.for_each_run([&](const Run& run) { units += run.content; });
  } else {
    dropped += hidden;
  }
  MsgWriter writer(out);
  writer.array(kColumnsParts);
  writer.number(kColumnsVersion);
  is_shown && !keeps_all ? writer.nil() : write_units(units, writer);
  const std::vector<Part> chains = joined(parts, is_one_chain);
  sort_range(parts.begin(), parts.end(), IsBefore{agents});
  const std::vector<Part> inserts = joined(parts, is_one_insert);
  Columns columns;
  add_inserts(inserts, columns);
  add_chains(chains, inserts, {agents}, columns);
  write_agents(inserts, columns, agents, writer);
  for (const auto& column : columns.of) write_column(column, writer);
}

}  // namespace vuer_rtc
