// Hostile bytes against Document, BareGraph and Store: an answer, and after an error nothing has
// changed. Meant for the build with sanitizers, which sees what a plain one would forgive.
#include "vuer_rtc/document.hpp"

#include <catch2/catch.hpp>

#include "hostile/mutations.hpp"
#include "vuer_rtc/store.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;

namespace {

constexpr std::size_t kMessages = 50;
constexpr std::size_t kSnapshotLimit = 1024;

/// A document that is built anew only after something was accepted.
class Target {
 public:
  explicit Target(const RecordedMessage& recorded) : recorded_(recorded) { renew(); }

  void receive(ByteSpan bytes) {
    Result<Received> received = document_.receive(bytes);
    if (!received) {
      refused_++;
      if (document_.digest() != digest_) FAIL("changed by a refused message");
      return;
    }
    accepted_++;
    if (*received != Received::Applied) return;
    document_.check();
    document_.digest();
    renew();
  }
  int refused() const { return refused_; }
  int accepted() const { return accepted_; }

 private:
  void renew() {
    document_ = Document();
    for (const Bytes& message : recorded_.before)
      REQUIRE(document_.receive(ByteSpan(message)).ok());
    digest_ = document_.digest();
  }
  const RecordedMessage& recorded_;
  Document document_;
  Hash digest_{};
  int refused_ = 0;
  int accepted_ = 0;
};

/// Loads into a document that holds something; after an error that must still be there.
class LoadTarget {
 public:
  LoadTarget() : message_(recorded_messages(1)[0].before[0]) { renew(); }

  void load(ByteSpan bytes) {
    if (!document_.load(bytes)) {
      refused_++;
      if (document_.digest() != digest_) FAIL("changed by a refused snapshot");
      return;
    }
    document_.check();
    document_.digest();
    renew();
  }
  int refused() const { return refused_; }

 private:
  void renew() {
    document_ = Document();
    REQUIRE(document_.receive(ByteSpan(message_)).ok());
    digest_ = document_.digest();
  }
  Bytes message_;
  Document document_;
  Hash digest_{};
  int refused_ = 0;
};

/// A store's whole state: a committed, an unacknowledged and a pending edit.
Bytes exported() {
  Store store("north");
  Bytes op;
  MsgWriter out(op);
  out.map(4);
  out.string("ot"), out.string("node.insert");
  out.string("key"), out.string("");
  out.string("path"), out.string("children");
  out.string("value"), out.map(1), out.string("key"), out.string("scene");
  REQUIRE(store.receive(ByteSpan(recorded_messages(1)[0].before[0])).ok());
  REQUIRE(store.edit(op, 1).ok());
  REQUIRE(store.commit(2).ok());
  REQUIRE(store.edit(op, 3).ok());
  Result<Bytes> bytes = store.export_bytes();
  REQUIRE(bytes.ok());
  return *bytes;
}

void import(ByteSpan bytes) {
  Result<Store> store = Store::import_bytes(bytes);
  if (store) store->check();
}

}  // namespace

TEST_CASE("recorded_messages_hold_every_kind_of_op_and_are_accepted") {
  std::vector<RecordedMessage> recorded = recorded_messages(kMessages);
  REQUIRE(recorded.size() == kMessages);
  for (const RecordedMessage& one : recorded) {
    Target target(one);
    target.receive(one.message);
    CHECK(target.accepted() == 1);
  }
}

TEST_CASE("document_survives_every_truncation_of_a_message") {
  for (const RecordedMessage& recorded : recorded_messages(kMessages)) {
    Target target(recorded);
    for_each_truncation(recorded.message, [&](ByteSpan bytes) { target.receive(bytes); });
    CHECK(target.refused() == static_cast<int>(recorded.message.size()));
  }
}

TEST_CASE("document_survives_every_changed_byte_of_a_message") {
  for (const RecordedMessage& recorded : recorded_messages(kMessages)) {
    Target target(recorded);
    for_each_change(recorded.message, [&](ByteSpan bytes) { target.receive(bytes); });
    CHECK(target.refused() > 0);
    CHECK(target.accepted() > 0);
  }
}

TEST_CASE("document_survives_every_truncation_of_a_snapshot") {
  for (const Bytes& snapshot : recorded_snapshots(kSnapshotLimit)) {
    LoadTarget target;
    for_each_truncation(snapshot, [&](ByteSpan bytes) { target.load(bytes); });
    CHECK(target.refused() == static_cast<int>(snapshot.size()));
  }
}

TEST_CASE("document_survives_every_changed_byte_of_a_snapshot") {
  for (const Bytes& snapshot : recorded_snapshots(kSnapshotLimit)) {
    LoadTarget target;
    for_each_change(snapshot, [&](ByteSpan bytes) { target.load(bytes); });
    CHECK(target.refused() > 0);
  }
}

TEST_CASE("bare_graph_survives_every_changed_byte_of_a_message") {
  for (const RecordedMessage& recorded : recorded_messages(kMessages)) {
    BareGraph graph;
    for (const Bytes& message : recorded.before) REQUIRE(graph.apply(message).ok());
    Bytes before = graph.graph();
    for_each_truncation(recorded.message,
                        [&](ByteSpan bytes) { CHECK_FALSE(graph.apply(bytes).ok()); });
    CHECK(graph.graph() == before);
    for_each_change(recorded.message, [&](ByteSpan bytes) { (void)graph.apply(bytes).ok(); });
  }
}

TEST_CASE("store_import_survives_every_truncation_and_changed_byte") {
  Bytes bytes = exported();
  for_each_truncation(bytes, import);
  for_each_change(bytes, import);
}
