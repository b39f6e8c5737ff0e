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
  LogContent load(const std::string& room) {
    auto content = load_whole(*store, room_log(room));
    REQUIRE(content.ok());
    return *content;
  }
  bool commit(const std::string& room, LogWrite write) {
    const LogCommit one{room_log(room), std::move(write)};
    return store->commit(std::span(&one, 1)).ok();
  }
  std::string kind;
  StoreFolder folder;
  std::unique_ptr<LogStore> store;
};

std::map<std::string, Bytes> by_key(const std::vector<LogRow>& rows) {
  std::map<std::string, Bytes> out;
  for (const LogRow& row : rows) out[row.key] = row.value;
  return out;
}

void check_equal(const LogContent& a, const LogContent& b) {
  CHECK(a.epoch == b.epoch);
  CHECK(a.cleared == b.cleared);
  CHECK(a.state == b.state);
  CHECK(a.snapshot == b.snapshot);
  CHECK(a.last_seq == b.last_seq);
  CHECK(a.entries == b.entries);
  CHECK(by_key(a.authors) == by_key(b.authors));
  CHECK(by_key(a.ids) == by_key(b.ids));
}

}  // namespace

TEST_CASE("store_knows_nothing_of_a_new_room") {
  Subject subject(GENERATE("memory", "sqlite"));
  CHECK(subject.load("new").epoch.empty());
}

TEST_CASE("store_gives_back_what_was_committed") {
  Subject subject(GENERATE("memory", "sqlite"));
  LogContent expected;
  for (const LogWrite& write :
       {LogWrite(batch_of("e", 1, 3)), LogWrite(batch_of("e", 4, 4)),
        LogWrite(snapshot_of("e", 4, 2)), LogWrite(batch_of("e", 5, 6)),
        LogWrite(snapshot_of("e", 6, 0)), LogWrite(LogClear{"f"}), LogWrite(batch_of("f", 1, 2))}) {
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
  CHECK(subject.load("room").entries.empty());
  REQUIRE(subject.commit("room", batch_of("e", 4, 5)));
  REQUIRE(subject.commit("room", snapshot_of("e", 5, 1)));
  subject.reopen();
  CHECK(subject.load("room").entries.size() == 1);
  CHECK(subject.load("room").ids.size() == 5);
}

TEST_CASE("store_clears_a_room_and_remembers_its_epoch_and_authors") {
  Subject subject(GENERATE("memory", "sqlite"));
  REQUIRE(subject.commit("room", batch_of("e", 1, 3)));
  REQUIRE(subject.commit("room", LogClear{"f"}));
  subject.reopen();
  const LogContent record = subject.load("room");
  CHECK(record.epoch == "f");
  CHECK(record.cleared == std::vector<std::string>{"e"});
  CHECK(record.entries.empty());
  CHECK(record.ids.empty());
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
  const std::vector<LogCommit> both = {{room_log("second"), batch_of("e", 1, 1)},
                                       {room_log("room"), batch_of("e", 9, 9)}};
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

TEST_CASE("store_keeps_schemas_apart") {
  Subject subject(GENERATE("memory", "sqlite"));
  const LogCommit other{{"yjs", "room"}, batch_of("y", 1, 2)};
  REQUIRE(subject.commit("room", batch_of("e", 1, 3)));
  REQUIRE(subject.store->commit(std::span(&other, 1)).ok());
  subject.reopen();
  CHECK(subject.load("room").epoch == "e");
  CHECK(subject.store->load({"yjs", "room"})->epoch == "y");
  CHECK(subject.store->load({"table", "room"})->epoch.empty());
}

TEST_CASE("store_takes_entries_and_rows_of_any_bytes") {
  Subject subject(GENERATE("memory", "sqlite"));
  LogAppend append;
  append.epoch = "e";
  append.first_seq = 1;
  append.last_seq = 3;
  append.entries = {{}, {0}, Bytes(70000, 0xff)};
  append.ids = {{std::string("a\0b", 3), {0xc1}}, {"", {}}};
  REQUIRE(subject.commit("room", append));
  subject.reopen();
  const LogContent content = subject.load("room");
  CHECK(content.entries == append.entries);
  CHECK(by_key(content.ids) == by_key(append.ids));
}

TEST_CASE("store_finds_ids_of_a_log_until_it_is_cleared") {
  Subject subject(GENERATE("memory", "sqlite"));
  REQUIRE(subject.commit("room", batch_of("e", 1, 3)));
  REQUIRE(subject.commit("room", snapshot_of("e", 3, 0)));
  REQUIRE(subject.commit("other", batch_of("e", 1, 9)));
  subject.reopen();
  const std::vector<LogRow> all = subject.load("room").ids;
  REQUIRE(all.size() == 3);
  CHECK(subject.store->load(room_log("room"))->ids.empty());
  const std::vector<std::string> keys = {all[1].key, "unknown", all[2].key, ""};
  const auto found = subject.store->find_ids(room_log("room"), keys);
  REQUIRE(found.ok());
  CHECK(*found == std::vector<LogRow>{all[1], all[2]});
  CHECK(subject.store->find_ids(room_log("new"), keys)->empty());
  REQUIRE(subject.commit("room", LogClear{"f"}));
  CHECK(subject.store->find_ids(room_log("room"), keys)->empty());
}

TEST_CASE("store_says_that_it_works_and_changes_nothing") {
  Subject subject(GENERATE("memory", "sqlite"));
  REQUIRE(subject.commit("room", batch_of("e", 1, 3)));
  CHECK(subject.store->probe().ok());
  CHECK(subject.load("room").last_seq == 3);
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

TEST_CASE("store_lists_logs_by_name_page_by_page") {
  Subject subject(GENERATE("memory", "sqlite"));
  for (const char* room : {"b", "a", "\xc3\xa9", "c"})
    REQUIRE(subject.commit(room, batch_of("e", 1, 2)));
  const auto page = subject.store->documents(room_log(""), 2);
  REQUIRE(page.ok());
  REQUIRE(page->size() == 2);
  CHECK((*page)[0].name == "a");
  CHECK((*page)[1].name == "b");
  CHECK((*page)[0].version > 0);
  CHECK((*page)[0].created_at > 0);
  CHECK((*page)[0].updated_at >= (*page)[0].created_at);
  const auto rest = subject.store->documents(room_log("b"), 9);
  REQUIRE(rest->size() == 2);
  CHECK((*rest)[1].name == "\xc3\xa9");
  CHECK(subject.store->documents({"other", ""}, 9)->empty());
}

TEST_CASE("store_shows_a_journal_batch_by_batch") {
  Subject subject(GENERATE("memory", "sqlite"));
  CHECK(subject.store->batches(room_log("none"), 0, 9)->empty());
  REQUIRE(subject.commit("room", batch_of("e", 1, 3)));
  REQUIRE(subject.commit("room", batch_of("e", 4, 4)));
  REQUIRE(subject.commit("other", batch_of("e", 1, 1)));
  const auto all = subject.store->batches(room_log("room"), 0, 9);
  REQUIRE(all.ok());
  REQUIRE(all->size() == 2);
  CHECK((*all)[0].first_seq == 1);
  CHECK((*all)[0].last_seq == 3);
  CHECK((*all)[0].start_time == 1);
  CHECK((*all)[0].end_time == 2);
  CHECK((*all)[0].entries == batch_of("e", 1, 3).entries);
  CHECK(subject.store->batches(room_log("room"), 0, 1)->size() == 1);
  CHECK(subject.store->batches(room_log("room"), 1, 9)->front().first_seq == 4);
  REQUIRE(subject.commit("room", snapshot_of("e", 4, 2)));
  const auto rest = subject.store->batches(room_log("room"), 0, 9);
  REQUIRE(rest->size() == 1);
  CHECK(rest->front().first_seq == 3);
  CHECK(rest->front().entries.size() == 2);
  REQUIRE(subject.commit("room", LogClear{"f"}));
  CHECK(subject.store->batches(room_log("room"), 0, 9)->empty());
}

TEST_CASE("store_measures_what_it_holds") {
  Subject subject(GENERATE("memory", "sqlite"));
  CHECK(subject.store->sizes()->journal_batches == 0);
  REQUIRE(subject.commit("room", batch_of("e", 1, 1)));
  const auto one = subject.store->sizes();
  REQUIRE(one.ok());
  CHECK(one->journal_batches >= batch_of("e", 1, 1).entries[0].size());
  CHECK(one->operations > 0);
  REQUIRE(subject.commit("room", batch_of("e", 2, 2)));
  CHECK(subject.store->sizes()->journal_batches == 2 * one->journal_batches);
  CHECK(subject.store->sizes()->operations == 2 * one->operations);
  REQUIRE(subject.commit("room", snapshot_of("e", 2, 0)));
  CHECK(subject.store->sizes()->journal_batches == 0);
  CHECK(subject.store->sizes()->documents > one->documents);
}
