// The author's side: one edit at a time, undo and redo.
#include "vuer_rtc/store.hpp"

#include "suites.hpp"

namespace bench {

using vuer_rtc::Bytes;
using vuer_rtc::Store;

namespace {

constexpr std::uint32_t kNodes = 1000;

std::unique_ptr<Store> scene_store(Report& report) {
  Bytes scene;
  Author author("alice");
  make_scene(author, kNodes, 2, scene);
  auto store = std::make_unique<Store>("writer");
  if (!store->receive_all(scene)) report.fail("the scene was refused");
  store->take_changes();
  return store;
}

/// Building and appending the same messages without a document.
double encode_only(const std::vector<Bytes>& ops) {
  return least_time(
      3, [] {},
      [&] {
        Bytes out;
        Author author("writer");
        for (const Bytes& op : ops) {
          out.clear();
          author.say({op}, out);
        }
        keep(out.size());
      });
}

void edits(Report& report, const std::vector<Bytes>& ops, std::uint32_t feed_each,
           const std::string& name, double base) {
  std::unique_ptr<Store> store;
  const double time = least_time(
      3, [&] { store = scene_store(report); },
      [&] {
        std::uint32_t count = 0;
        for (const Bytes& op : ops) {
          if (!store->edit(op, 1.7e12)) report.fail("an edit was refused");
          keep(store->commit(1.7e12)->size());
          if (feed_each != 0 && ++count % feed_each == 0) keep(store->take_changes().size());
        }
      });
  report.add(
      {name, time / ops.size() * 1e9, "ns", 0, false, "encode_message", base / ops.size() * 1e9});
}

void undo_redo(Report& report, const std::vector<Bytes>& ops) {
  constexpr std::uint32_t kEdits = 10'000;
  auto store = scene_store(report);
  double start = seconds();
  for (std::uint32_t i = 0; i < kEdits; ++i) {
    if (!store->edit(ops[i], 1.7e12) || !store->commit(1.7e12)) report.fail("an edit was refused");
  }
  const double edit = (seconds() - start) / kEdits * 1e6;
  start = seconds();
  for (std::uint32_t i = 0; i < kEdits; ++i) {
    if (!store->undo(1.7e12)) report.fail("undo was refused");
  }
  const double undo = (seconds() - start) / kEdits * 1e6;
  start = seconds();
  for (std::uint32_t i = 0; i < kEdits; ++i) {
    if (!store->redo(1.7e12)) report.fail("redo was refused");
  }
  report.add({"undo of 10,000 edits, each", undo, "us", 0, false, "edit and commit", edit});
  report.add({"redo of 10,000 edits, each", (seconds() - start) / kEdits * 1e6, "us", 0, false,
              "edit and commit", edit});
}

}  // namespace

void run_store(Report& report) {
  if (!report.wants("store")) return;
  std::vector<Bytes> ops;
  for (const VectorOp& op : vector_ops(kNodes, 100'000, 9)) ops.push_back(vector_op(op));
  const double base = encode_only(ops);
  edits(report, ops, 0, "store: edit and commit", base);
  edits(report, ops, 1, "store: edit, commit, feed each", base);
  edits(report, ops, 60, "store: edit, commit, feed per 60", base);
  undo_redo(report, ops);
}

}  // namespace bench
