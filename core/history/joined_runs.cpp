// Joining runs.
#include "history/joined_runs.hpp"

#include "base/utf.hpp"
#include "history/text_op.hpp"

namespace vuer_rtc {

namespace {

bool is_left_out(const std::vector<IdRange>& ranges, UnitId unit) {
  for (const IdRange& range : ranges) {
    if (range.agent == unit.agent && unit.n >= range.n && unit.n - range.n < range.length)
      return true;
  }
  return false;
}

bool goes_on(const JoinedRun& last, const Run& run) {
  const UnitId end{last.first.agent, last.first.n + last.length - 1};
  return run.anchor == end && run.first.agent == end.agent && run.first.n == end.n + 1 &&
         run.seq == last.seq && run.ts == last.ts && run.visible == last.visible;
}

}  // namespace

std::vector<JoinedRun> joined_runs(const Sequence& sequence, const std::vector<IdRange>& left_out) {
  std::vector<JoinedRun> runs;
  sequence.for_each_run([&](const Run& run) {
    // A pending insert is one run or several whole ones: it never shares seq and author's numbers
    // with others.
    if (is_left_out(left_out, run.first)) return;
    if (!runs.empty() && goes_on(runs.back(), run)) {
      runs.back().length += run.length;
    } else {
      runs.push_back(
          JoinedRun{run.first, run.anchor, run.length, run.seq, run.ts, run.visible, {}});
    }
    if (run.visible) runs.back().content.append(run.content);
  });
  return runs;
}

void write_run(const JoinedRun& run, const Names& clients, Bytes& out) {
  MsgWriter writer(out);
  std::string text;
  writer.array(6);
  append_id(clients, run.first, text);
  writer.string(text);
  writer.float64(static_cast<double>(run.length));
  text.clear();
  if (run.anchor.is_none()) {
    writer.nil();
  } else {
    append_id(clients, run.anchor, text);
    writer.string(text);
  }
  writer.float64(static_cast<double>(run.seq));
  writer.float64(run.ts);
  if (!run.visible) return writer.nil();
  text.clear();
  append_utf8(run.content, text);
  writer.string(text);
}

}  // namespace vuer_rtc
