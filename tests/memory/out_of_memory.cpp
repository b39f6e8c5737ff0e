// Fills a document and a store until there is no memory left: every call succeeds or answers
// out_of_memory with nothing changed, and nothing ends the process. Natively the address space is
// limited; in WebAssembly the heap has a maximum (tests/CMakeLists.txt). A ballast is given back
// before digests are compared.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "replicas/random.hpp"
#include "vuer_rtc/document.hpp"
#include "vuer_rtc/store.hpp"

#ifndef __EMSCRIPTEN__
#include <sys/resource.h>

#include <fstream>
#endif

using namespace vuer_rtc;
using vuer_rtc::testing::Random;

namespace {

constexpr std::size_t kRoom = 96u << 20;     // what the native process may still take
constexpr std::size_t kBallast = 48u << 20;  // given back for the comparison
constexpr int kRefusalsWanted = 300;
constexpr std::size_t kMostMessages = 200'000;

void limit_memory() {
#ifndef __EMSCRIPTEN__
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t bytes = pages * 4096 + kRoom;
  const rlimit limit{bytes, bytes};
  setrlimit(RLIMIT_AS, &limit);
#endif
}

/// Appends one op: a node with properties, a set, a text insert by ids.
void write_op(MsgWriter& writer, Random& random, std::uint64_t number, std::size_t size) {
  const std::string key = "node-" + std::to_string(random.below(5000));
  const std::string body(size, 'x');
  switch (random.below(3)) {
    case 0:
      writer.map(4);
      writer.string("ot");
      writer.string("node.upsert");
      writer.string("key");
      writer.string("node-" + std::to_string(random.below(5000)));
      writer.string("path");
      writer.string("children");
      writer.string("value");
      writer.map(2);
      writer.string("key");
      writer.string(key);
      writer.string("p" + std::to_string(random.below(50)));
      writer.string(body);
      return;
    case 1:
      writer.map(4);
      writer.string("ot");
      writer.string("string.set");
      writer.string("key");
      writer.string(key);
      writer.string("path");
      writer.string("p" + std::to_string(random.below(50)));
      writer.string("value");
      writer.string(body);
      return;
    default:
      writer.map(7);
      writer.string("ot");
      writer.string("text.insert");
      writer.string("key");
      writer.string("node-0");
      writer.string("path");
      writer.string("text");
      writer.string("id");
      writer.string("c:" + std::to_string(number * 10'000'000));
      writer.string("value");
      writer.array(2);
      writer.nil();
      writer.string(body);
      writer.string("seq");
      writer.number(static_cast<double>(number));
      writer.string("ts");
      writer.number(1);
  }
}

Bytes message(Random& random, std::uint64_t number) {
  Bytes bytes;
  MsgWriter writer(bytes);
  const std::uint32_t ops = 1 + static_cast<std::uint32_t>(random.below(20));
  writer.map(5);
  writer.string("id");
  writer.string("c:" + std::to_string(number));
  writer.string("client");
  writer.string("c");
  writer.string("lt");
  writer.number(static_cast<double>(number));
  writer.string("ts");
  writer.number(1);
  writer.string("ops");
  writer.array(ops);
  for (std::uint32_t i = 0; i < ops; ++i) {
    write_op(writer, random, number * 100 + i,
             1 + random.below(random.below(10) == 0 ? 20'000 : 300));
  }
  return bytes;
}

struct State {
  std::uint64_t lt;
  std::uint32_t nodes, messages;
  friend bool operator==(const State& a, const State& b) {
    return a.lt == b.lt && a.nodes == b.nodes && a.messages == b.messages;
  }
};

State state_of(const Document& document) {
  return State{document.lt(), document.node_count(), document.journal_length()};
}

int fail(const char* what) {
  std::printf("%s\n0 passed, 1 failed\n", what);
  return 1;
}

/// Messages until memory ran out often enough; then a second document of the accepted ones must be
/// equal.
int fill_document(Random& random) {
  Document document;
  std::vector<Bytes> accepted;
  accepted.reserve(kMostMessages);
  auto ballast = std::make_unique<std::vector<std::uint8_t>>(kBallast, std::uint8_t{1});
  limit_memory();
  int refusals = 0;
  std::uint64_t number = 0;
  while (refusals < kRefusalsWanted && accepted.size() < kMostMessages) {
    const Bytes bytes = message(random, ++number);
    const State before = state_of(document);
    const auto received = document.receive(ByteSpan(bytes));
    if (received.ok()) {
      accepted.push_back(bytes);
      continue;
    }
    if (received.error().code != ErrorCode::OutOfMemory)
      return fail("another error than out_of_memory");
    if (!(state_of(document) == before)) return fail("the document changed");
    ++refusals;
  }
  if (refusals == 0) return fail("memory never ran out");
  ballast.reset();
  const Hash digest = document.digest();
  document = Document();
  Document again;
  for (const Bytes& bytes : accepted) {
    if (!again.receive(ByteSpan(bytes)).ok()) return fail("a message that was accepted is refused");
  }
  std::printf("document: %d refusals after %zu messages\n", refusals, accepted.size());
  return again.digest() == digest ? 0 : fail("a refused message left something behind");
}

/// What acts again without the pending edits may need memory, too; then they all stay.
int drop_pending(Store& store, int& refusals) {
  const std::uint32_t pending = store.pending_count();
  const Status status = store.cancel();
  if (status.ok()) return store.pending_count() == 0 ? 0 : fail("dropped edits are pending");
  ++refusals;
  if (status.error().code != ErrorCode::OutOfMemory)
    return fail("another error than out_of_memory");
  return store.pending_count() == pending ? 0 : fail("a refused cancel dropped something");
}

/// Edits that can be neither committed nor dropped fill one message in the end.
bool is_full(ErrorCode code, std::uint32_t pending) {
  return code == ErrorCode::OutOfMemory || (code == ErrorCode::TooBig && pending > 0);
}

/// Edits and commits of a store until memory ran out often enough; it stays readable and goes on.
int fill_store(Random& random) {
  Store store("c");
  auto ballast = std::make_unique<std::vector<std::uint8_t>>(kBallast, std::uint8_t{1});
  int refusals = 0;
  std::uint64_t number = 0, edits = 0;
  while (refusals < kRefusalsWanted && edits < kMostMessages) {
    Bytes op;
    MsgWriter writer(op);
    write_op(writer, random, ++number, 1 + random.below(2000));
    const std::uint32_t pending = store.pending_count();
    const Status status = store.edit(ByteSpan(op), 1);
    if (status.ok()) {
      ++edits;
    } else if (!is_full(status.error().code, pending)) {
      return fail("another error than out_of_memory");
    } else if (store.pending_count() != pending) {
      return fail("a refused edit is pending");
    } else {
      ++refusals;
    }
    if (number % 10 != 0) continue;
    const auto sent = store.commit(1);
    if (!sent.ok()) {
      if (sent.error().code != ErrorCode::OutOfMemory)
        return fail("another error than out_of_memory");
      ++refusals;
      if (const int failed = drop_pending(store, refusals); failed != 0) return failed;
    }
    store.take_changes();
  }
  if (refusals == 0) return fail("memory never ran out");
  ballast.reset();
  store.check();
  std::printf("store: %d refusals after %llu edits\n", refusals,
              static_cast<unsigned long long>(edits));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto seed = static_cast<std::uint32_t>(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1);
  Random random(seed);
  std::printf("seed %u\n", seed);
  if (fill_document(random) != 0 || fill_store(random) != 0) return 1;
  std::printf("2 passed, 0 failed\n");
  return 0;
}
