// Text: a long editing session, by position through a store and by ids from elsewhere.
#include <algorithm>

#include "suites.hpp"
#include "vuer_rtc/store.hpp"

namespace bench {

using vuer_rtc::Bytes;
using vuer_rtc::Document;
using vuer_rtc::MsgReader;
using vuer_rtc::Store;

namespace {

/// The text of the one text property.
std::string shown(Document& document) {
  const Bytes value = document.property(node_key(0), "text");
  MsgReader reader{vuer_rtc::ByteSpan(value)};
  std::string_view text;
  return reader.read_string(text) ? std::string(text) : std::string();
}

/// The same edits on a plain string. Positions count UTF-16 units; the traces are ASCII.
double plain(const Trace& trace) {
  return least_time(
      3, [] {},
      [&] {
        std::u16string text;
        for (const Edit& edit : trace.edits) {
          text.replace(edit.position, edit.removed,
                       std::u16string(edit.inserted.begin(), edit.inserted.end()));
        }
        keep(text.size());
      });
}

struct Session {
  const Trace& trace;
  const std::vector<Bytes>& ops;
  Bytes scene;
};

double local(Report& report, const Session& session, std::uint32_t together, Bytes* messages) {
  std::unique_ptr<Store> store;
  const auto prepare = [&] {
    store = std::make_unique<Store>("writer");
    if (!store->receive_all(session.scene)) report.fail("the scene was refused");
    if (messages != nullptr) messages->clear();
  };
  const double time = least_time(3, prepare, [&] {
    std::uint32_t waiting = 0;
    for (const Bytes& op : session.ops) {
      if (!store->edit(op, 1.7e12)) report.fail("an edit was refused");
      if (++waiting < together && &op != &session.ops.back()) continue;
      waiting = 0;
      const auto sent = store->commit(1.7e12);
      if (messages != nullptr) messages->insert(messages->end(), sent->begin(), sent->end());
    }
  });
  if (shown(store->document()) != session.trace.end)
    report.fail("text: another text than expected");
  return time;
}

}  // namespace

void run_text(Report& report, const char* trace_file) {
  if (!report.wants("text")) return;
  Trace trace = make_trace(260'000, 11);
  if (trace_file != nullptr) {
    trace = Trace();
    if (!read_trace(trace_file, trace)) return report.fail("the trace cannot be read");
  }
  std::vector<Bytes> ops;
  for (const Edit& edit : trace.edits) ops.push_back(text_op(edit));
  Session session{trace, ops, {}};
  Author author("alice");
  make_scene(author, 1, 0, session.scene);
  const double base = plain(trace);
  const std::string edits = "text, " + std::to_string(trace.edits.size()) + " edits";
  const double bar = is_wasm() ? 0 : 0.25;
  report.add({edits + ", commit per 100", local(report, session, 100, nullptr), "s", bar, false,
              "std::u16string", base});
  Bytes messages;
  report.add({edits + ", commit each", local(report, session, 1, &messages), "s", 0, false,
              "std::u16string", base});
  std::unique_ptr<Document> document;
  const auto prepare = [&] {
    document = std::make_unique<Document>();
    if (!document->receive_all(session.scene)) report.fail("the scene was refused");
  };
  const double received = least_time(3, prepare, [&] {
    if (!document->receive_all(messages)) report.fail("text: a message was refused");
  });
  if (shown(*document) != trace.end) report.fail("text: another text than expected");
  report.add({edits + ", received", received, "s", 0, false, "std::u16string", base});
}

}  // namespace bench
