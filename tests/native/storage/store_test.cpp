// What every store promises: one test, run against each of them.
#include <catch2/catch.hpp>
#include <filesystem>

#include "room/room_probe.hpp"
#include "storage/memory_store.hpp"
#include "storage/sqlite_store.hpp"
#include "storage/store_folder.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

/// A store of either kind; reopen() is a new start of the process where that means something.
struct Subject {
  explicit Subject(const std::string& kind) : kind(kind) { reopen(); }
  void reopen() {
    if (kind == "memory") {
      if (!store) store = std::make_unique<MemoryStore>();
      return;
    }
    store.reset();
    auto opened = SqliteStore::open(folder.file("rooms.db"));
    REQUIRE(opened.ok());
    store = std::move(*opened);
  }
  RoomRecord load(const std::string& room) {
    auto record = store->load(room);
    REQUIRE(record.ok());
    return *record;
  }
  bool commit(const std::string& room, RoomWrite write) {
    const RoomCommit one{room, std::move(write)};
    return store->commit(std::span(&one, 1)).ok();
  }
  std::string kind;
  StoreFolder folder;
  std::unique_ptr<RoomStore> store;
};

void check_equal(const RoomRecord& a, const RoomRecord& b) {
  CHECK(a.epoch == b.epoch);
  CHECK(a.cleared == b.cleared);
  CHECK(a.snapshot == b.snapshot);
  CHECK(a.stable == b.stable);
  CHECK(a.last_seq == b.last_seq);
  CHECK(a.folded_seq == b.folded_seq);
  CHECK(a.journal == b.journal);
  CHECK(a.authors.size() == b.authors.size());
  const auto ids = [](const RoomRecord& record) {
    std::map<std::string, std::pair<std::uint64_t, Hash>> out;
    for (const AcceptedMessage& one : record.accepted) out[one.id] = {one.server_seq, one.content};
    return out;
  };
  CHECK(ids(a) == ids(b));
}

}  // namespace

TEST_CASE("store_knows_nothing_of_a_new_room") {
  Subject subject(GENERATE("memory", "sqlite"));
  CHECK(subject.load("new").epoch.empty());
}

TEST_CASE("store_gives_back_what_was_committed") {
  Subject subject(GENERATE("memory", "sqlite"));
  RoomRecord expected;
  for (const RoomWrite& write :
       {RoomWrite(batch_of("e", 1, 3)), RoomWrite(batch_of("e", 4, 4)),
        RoomWrite(snapshot_of("e", 4, 2)), RoomWrite(batch_of("e", 5, 6))}) {
    REQUIRE(subject.commit("room", write));
    REQUIRE(apply_write(expected, write).ok());
    subject.reopen();
    check_equal(subject.load("room"), expected);
  }
  CHECK(subject.load("other").epoch.empty());
}

TEST_CASE("store_takes_snapshot_after_snapshot") {
  Subject subject(GENERATE("memory", "sqlite"));
  REQUIRE(subject.commit("room", batch_of("e", 1, 3)));
  REQUIRE(subject.commit("room", snapshot_of("e", 3, 0)));
  CHECK(subject.load("room").journal.empty());
  REQUIRE(subject.commit("room", batch_of("e", 4, 5)));
  REQUIRE(subject.commit("room", snapshot_of("e", 5, 1)));
  subject.reopen();
  CHECK(subject.load("room").journal.size() == 1);
  CHECK(subject.load("room").accepted.size() == 5);
}

TEST_CASE("store_clears_a_room_and_remembers_its_epoch_and_authors") {
  Subject subject(GENERATE("memory", "sqlite"));
  REQUIRE(subject.commit("room", batch_of("e", 1, 3)));
  REQUIRE(subject.commit("room", ClearWrite{"f"}));
  subject.reopen();
  const RoomRecord record = subject.load("room");
  CHECK(record.epoch == "f");
  CHECK(record.cleared == std::vector<std::string>{"e"});
  CHECK(record.journal.empty());
  CHECK(record.accepted.empty());
  CHECK(record.authors.size() == 1);
  CHECK(record.last_seq == 0);
  CHECK(subject.commit("room", batch_of("f", 1, 1)));
}

TEST_CASE("store_refuses_writes_that_do_not_follow_and_keeps_none_of_the_call") {
  Subject subject(GENERATE("memory", "sqlite"));
  REQUIRE(subject.commit("room", batch_of("e", 1, 3)));
  CHECK_FALSE(subject.commit("room", batch_of("e", 5, 5)));
  CHECK_FALSE(subject.commit("room", batch_of("e", 3, 3)));
  CHECK_FALSE(subject.commit("room", batch_of("other", 4, 4)));
  CHECK_FALSE(subject.commit("room", snapshot_of("e", 2, 0)));
  const std::vector<RoomCommit> both = {{"second", batch_of("e", 1, 1)},
                                        {"room", batch_of("e", 9, 9)}};
  CHECK_FALSE(subject.store->commit(both).ok());
  CHECK(subject.load("second").epoch.empty());
  CHECK(subject.load("room").last_seq == 3);
  CHECK(subject.commit("room", batch_of("e", 4, 4)));
}

TEST_CASE("store_takes_odd_room_names_verbatim") {
  Subject subject(GENERATE("memory", "sqlite"));
  for (const std::string room :
       {"..", "a/b", "'; DROP TABLE Document; --", "$gt", "\xf0\x9f\x98\x80", "%2e"}) {
    REQUIRE(subject.commit(room, batch_of("e", 1, 1)));
    CHECK(subject.load(room).last_seq == 1);
  }
}

TEST_CASE("store_counts") {
  Subject subject(GENERATE("memory", "sqlite"));
  REQUIRE(subject.commit("a", batch_of("e", 1, 3)));
  REQUIRE(subject.commit("b", batch_of("e", 1, 2)));
  const auto counts = subject.store->count();
  REQUIRE(counts.ok());
  CHECK(counts->documents == 2);
  CHECK(counts->operations == 5);
  CHECK(counts->journal_batches == 2);
}
