// A large document: loading it, and its digest after one change.
#include "suites.hpp"
#include "vuer_rtc/document.hpp"

namespace bench {

using vuer_rtc::Bytes;
using vuer_rtc::Document;
using vuer_rtc::MsgReader;

void run_large(Report& report) {
  if (!report.wants("large")) return;
  constexpr std::uint32_t kNodes = 100'000;
  Bytes scene;
  Author author("alice");
  make_scene(author, kNodes, 5, scene);
  Bytes snapshot;
  {
    Document first;
    if (!first.receive_all(scene)) report.fail("the scene was refused");
    if (!first.raise_line(static_cast<std::int64_t>(author.lt()))) report.fail("no line");
    snapshot = *first.snapshot();
  }
  std::unique_ptr<Document> document;
  const double load = least_time(
      3, [&] { document = std::make_unique<Document>(); },
      [&] {
        if (!document->load(snapshot)) report.fail("the snapshot was refused");
      });
  const double walk = least_time(
      3, [] {},
      [&] {
        MsgReader reader{vuer_rtc::ByteSpan(snapshot)};
        keep(reader.skip());
      });
  report.add({"large: load of 100,000 nodes x 5", load * 1e3, "ms", 0, false, "walk over the bytes",
              walk * 1e3});
  double start = seconds();
  keep(document->digest()[0]);
  const double whole = (seconds() - start) * 1e6;
  double changed = 0;
  constexpr std::uint32_t kChanges = 200;
  for (const VectorOp& op : vector_ops(kNodes, kChanges, 13)) {
    Bytes message;
    author.say({vector_op(op)}, message);
    if (!document->receive(message)) report.fail("a message was refused");
    start = seconds();
    keep(document->digest()[0]);
    changed += seconds() - start;
  }
  report.add({"large: digest after one change", changed / kChanges * 1e6, "us", 0, false,
              "the whole digest", whole});
}

}  // namespace bench
