// Writing ropes.
#include <algorithm>

#include "base/sort.hpp"
#include "base/utf.hpp"
#include "history/rope.hpp"
#include "history/text_op.hpp"
#include "text/columns.hpp"

namespace vuer_rtc {

namespace {

/// A run joined by ids with what was typed on from it, wherever that stands: no surrogate pair is
/// cut.
struct Whole {
  UnitId first, anchor;
  std::uint64_t seq;
  double ts;
  bool undone;
  std::u16string content;
  Run run() const { return {first, content.size(), anchor, seq, ts, !undone, undone, content}; }
};

Whole whole_of(const Run& run) {
  return Whole{run.first, run.anchor, run.seq, run.ts, run.undone, std::u16string(run.content)};
}

bool goes_on(const Whole& last, const Whole& next) {
  const UnitId end{last.first.agent, last.first.n + last.content.size() - 1};
  return next.first.agent == end.agent && next.first.n == end.n + 1 && next.anchor == end &&
         next.seq == last.seq && next.ts == last.ts && next.undone == last.undone;
}

void join(std::vector<Whole>& pieces) {
  sort_range(pieces.begin(), pieces.end(), [](const Whole& a, const Whole& b) {
    return a.first.agent != b.first.agent ? a.first.agent < b.first.agent : a.first.n < b.first.n;
  });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (goes_on(pieces[kept], pieces[i])) {
      pieces[kept].content += pieces[i].content;
    } else {
      if (++kept != i) pieces[kept] = std::move(pieces[i]);
    }
  }
  if (!pieces.empty()) pieces.resize(kept + 1);
}

class RopeWriter {
 public:
  RopeWriter(const Names& clients, Bytes& out) : clients_(clients), writer_(out) {}

  void id(UnitId unit) {
    if (unit.is_none()) return writer_.nil();
    text_.clear();
    append_id(clients_, unit, text_);
    writer_.string(text_);
  }
  void content(std::u16string_view units) {
    text_.clear();
    append_utf8(units, text_);
    writer_.string(text_);
  }
  void insert(const Run& run) {
    writer_.array(6);
    id(run.first);
    writer_.number(static_cast<double>(run.length));
    id(run.anchor);
    writer_.number(static_cast<double>(run.seq));
    writer_.number(run.ts);
    run.undone ? writer_.nil() : content(run.content);
  }
  void state(const RopeState& state) {
    writer_.map(5);
    writer_.string("shown");
    writer_.boolean(state.shown);
    writer_.string("begun");
    writer_.boolean(state.begun);
  }
  void rest(const Sequence& sequence, const std::vector<IdRange>& removed) {
    writer_.string("waiting");
    writer_.array(static_cast<std::uint32_t>(sequence.waiting_count()));
    sequence.for_each_waiting([&](const Run& run) { insert(run); });
    writer_.string("rm");
    writer_.array(static_cast<std::uint32_t>(removed.size()));
    for (const IdRange& range : removed) write_range(range, clients_, writer_);
  }
  MsgWriter& writer() { return writer_; }

 private:
  const Names& clients_;
  MsgWriter writer_;
  std::string text_;
};

}  // namespace

void write_column_rope(const Sequence& sequence, const RopeState& state, bool is_beside,
                       std::size_t& dropped, const Names& clients, Bytes& out) {
  RopeWriter rope(clients, out);
  rope.state(state);
  rope.writer().string("columns");
  write_columns(sequence, clients, is_beside, dropped, out);
  std::vector<IdRange> removed;  // the columns hold the others
  sequence.for_each_early([&](const IdRange& range) { removed.push_back(range); });
  rope.rest(sequence, removed);
}

void write_plain_rope(const Sequence& sequence, const RopeState& state, const Names& clients,
                      Bytes& out) {
  RopeWriter rope(clients, out);
  std::vector<Whole> placed;
  sequence.for_each_run([&](const Run& run) { placed.push_back(whole_of(run)); });
  rope.state(state);
  rope.writer().string("inserts");
  join(placed);
  rope.writer().array(static_cast<std::uint32_t>(placed.size()));
  for (const Whole& whole : placed) rope.insert(whole.run());
  rope.rest(sequence, *state.removed);
}

void write_tree_rope(const Sequence& sequence, const Names& clients, Bytes& out) {
  RopeWriter rope(clients, out);
  MsgWriter& writer = rope.writer();
  std::uint32_t count = 0;
  sequence.for_each_run([&](const Run&) { ++count; });
  writer.map(4);
  writer.string("_tree");
  writer.map(1);
  writer.string("root");
  writer.map(2);
  writer.string("ntype");
  writer.string("leaf");
  writer.string("items");
  writer.array(count);
  sequence.for_each_run([&](const Run& run) {
    writer.map(6);
    writer.string("id");
    rope.id(run.first);
    writer.string("content");
    rope.content(run.content);
    writer.string("isDeleted");
    writer.boolean(!run.visible);
    writer.string("anchor");
    rope.id(run.anchor);
    writer.string("seq");
    writer.number(static_cast<double>(run.seq));
    writer.string("ts");
    writer.number(run.ts);
  });
  writer.string("agentId");
  writer.string("server");
  writer.string("clock");
  const NameId agent = clients.find("server");
  writer.number(agent == kNoName ? 0 : static_cast<double>(sequence.next_number(agent)));
  writer.string("maxSeq");
  writer.number(static_cast<double>(sequence.highest_seq()));
}

}  // namespace vuer_rtc
