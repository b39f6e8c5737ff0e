// Messages in order, and messages that come late.
#include <array>
#include <cstring>
#include <map>

#include "suites.hpp"
#include "vuer_rtc/document.hpp"

namespace bench {

using vuer_rtc::Bytes;
using vuer_rtc::Document;
using vuer_rtc::MsgReader;

namespace {

constexpr std::uint32_t kNodes = 1000;

/// Steps over every value of every message: the least that any reader does.
double walk(const Bytes& bytes) {
  return least_time(
      3, [] {},
      [&] {
        MsgReader reader{vuer_rtc::ByteSpan(bytes)};
        std::uint64_t count = 0;
        while (!reader.at_end() && reader.skip()) ++count;
        keep(count);
      });
}

double copy(const Bytes& bytes) {
  Bytes to(bytes.size());
  return least_time(
      3, [] {},
      [&] {
        std::memcpy(to.data(), bytes.data(), bytes.size());
        keep(to[bytes.size() / 2]);
      });
}

/// The same ops, decoded beforehand, into a plain map: what no document at all would cost.
double map_fold(const std::vector<VectorOp>& ops) {
  std::vector<std::string> keys;
  for (std::uint32_t node = 0; node < kNodes; ++node) keys.push_back(node_key(node));
  return least_time(
      3, [] {},
      [&] {
        std::map<std::string, std::array<double, 3>> values;
        for (const VectorOp& op : ops) {
          auto& value = values[keys[op.node]];
          for (int i = 0; i < 3; ++i) value[i] = (op.is_set ? 0 : value[i]) + op.value[i];
        }
        keep(values.size());
      });
}

void in_order(Report& report, const std::string& name, std::uint32_t count, std::uint32_t each,
              double bar) {
  if (!report.wants(name)) return;
  const auto ops = vector_ops(kNodes, count, 1);
  Bytes scene, bytes;
  Author author("alice");
  make_scene(author, kNodes, 2, scene);
  for (std::uint32_t i = 0; i < count; i += each) {
    std::vector<Bytes> encoded;
    for (std::uint32_t k = i; k < i + each && k < count; ++k) encoded.push_back(vector_op(ops[k]));
    author.say(encoded, bytes);
  }
  std::unique_ptr<Document> document;
  const auto prepare = [&] {
    document = std::make_unique<Document>();
    if (!document->receive_all(scene)) report.fail(name + ": the scene was refused");
  };
  const double time = least_time(4, prepare, [&] {
    if (!document->receive_all(bytes)) report.fail(name + ": a message was refused");
  });
  const auto rate = [&](double taken) { return count / taken / 1e6; };
  report.add({name, rate(time), "M/s", bar, true, "walk over the bytes", rate(walk(bytes))});
  if (each > 1) return;
  report.add(
      {name + ", to a map", rate(time), "M/s", 0, true, "std::map fold", rate(map_fold(ops))});
  report.add({name + ", to a copy", rate(time), "M/s", 0, true, "memcpy", rate(copy(bytes))});
}

/// Messages one place after the other, each with 100 messages behind it.
double late_time(Report& report, Document& document, std::uint64_t top, std::string_view client,
                 std::uint32_t count, std::uint32_t nodes) {
  Author late(client);
  Bytes bytes;
  for (const VectorOp& op : vector_ops(nodes, count, 7)) {
    late.say({vector_op(op)}, bytes, top - 100);
  }
  const double start = seconds();
  if (!document.receive_all(bytes)) report.fail("a late message was refused");
  return (seconds() - start) / count * 1e6;
}

}  // namespace

void run_scene(Report& report) {
  const double bar = is_wasm() ? 0.8 : 3;
  in_order(report, "in order, 1 op a message", 300'000, 1, bar);
  in_order(report, "in order, 100 ops a message", 300'000, 100, bar);
}

void run_late(Report& report) {
  const std::string name = "late by 100 of 1,000,000 messages";
  if (!report.wants(name)) return;
  constexpr std::uint32_t kMessages = 1'000'000;
  constexpr std::uint32_t kLate = 2000;
  const std::uint64_t before = resident_bytes();
  Document document;
  Author author("alice");
  Bytes bytes;
  make_scene(author, kNodes, 2, bytes);
  std::uint32_t count = 0;
  const auto flush = [&] {
    if (!document.receive_all(bytes)) report.fail("a message was refused");
    bytes.clear();
  };
  for (const VectorOp& op : vector_ops(kNodes, kMessages, 3)) {
    author.say({vector_op(op)}, bytes);
    if (++count % 50'000 == 0) flush();
  }
  Bytes().swap(bytes);
  if (resident_bytes() != 0) {
    report.add({"memory per message in order", double(resident_bytes() - before) / kMessages, "B",
                0, false, "", 0});
  }
  const double spread = late_time(report, document, author.lt(), "zed", kLate, kNodes);
  for (const VectorOp& op : vector_ops(kNodes, kLate, 5)) author.say({vector_op(op)}, bytes);
  const double start = seconds();
  flush();
  const double ordered = (seconds() - start) / kLate * 1e6;
  report.add({name, spread, "us", 20, false, "the same in order", ordered});
  for (const VectorOp& op : vector_ops(1, 100, 5)) author.say({vector_op(op)}, bytes);
  flush();
  const double crowded = late_time(report, document, author.lt(), "zoe", kLate, 1);
  report.add({name + ", all of one node", crowded, "us", 20, false, "the same in order", ordered});
}

}  // namespace bench
