// Writing ropes.
#include <algorithm>

#include "base/sort.hpp"
#include "base/utf.hpp"
#include "history/rope.hpp"
#include "history/text_op.hpp"

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
  void inserts(std::vector<Whole> pieces) {
    join(pieces);
    writer_.array(static_cast<std::uint32_t>(pieces.size()));
    for (const Whole& piece : pieces) {
      writer_.array(6);
      id(piece.first);
      writer_.number(static_cast<double>(piece.content.size()));
      id(piece.anchor);
      writer_.number(static_cast<double>(piece.seq));
      writer_.number(piece.ts);
      piece.undone ? writer_.nil() : content(piece.content);
    }
  }
  MsgWriter& writer() { return writer_; }

 private:
  const Names& clients_;
  MsgWriter writer_;
  std::string text_;
};

}  // namespace

void write_compact_rope(const Sequence& sequence, const RopeState& state, const Names& clients,
                        Bytes& out) {
  RopeWriter rope(clients, out);
  std::vector<Whole> placed, waiting;
  sequence.for_each_run([&](const Run& run) { placed.push_back(whole_of(run)); });
  sequence.for_each_waiting([&](const Run& run) { waiting.push_back(whole_of(run)); });
  MsgWriter& writer = rope.writer();
  writer.map(5);
  writer.string("shown");
  writer.boolean(state.shown);
  writer.string("begun");
  writer.boolean(state.begun);
  writer.string("inserts");
  rope.inserts(std::move(placed));
  writer.string("waiting");
  rope.inserts(std::move(waiting));
  writer.string("rm");
  writer.array(static_cast<std::uint32_t>(state.removed->size()));
  for (const IdRange& range : *state.removed) {
    writer.array(2);
    rope.id(UnitId{range.agent, range.n});
    writer.number(static_cast<double>(range.length));
  }
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
