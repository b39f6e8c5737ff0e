// What only a file can suffer: damaged rows, missing rows, another process, commits in groups.
#include "storage/sqlite_store.hpp"

#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>

#include "storage/store_folder.hpp"
#include "storage/store_thread.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

struct File {
  File() {
    open();
    commit(batch_of("e", 1, 3));
    commit(snapshot_of("e", 3, 1));
    commit(batch_of("e", 4, 4));
    const LogCommit other{room_log("other"), batch_of("e", 1, 1)};
    REQUIRE(store->commit(std::span(&other, 1)).ok());
  }
  void open() {
    store.reset();
    auto opened = SqliteStore::open(folder.file("rooms.db"));
    REQUIRE(opened.ok());
    store = std::move(*opened);
  }
  void commit(LogWrite write) {
    const LogCommit one{room_log("room"), std::move(write)};
    REQUIRE(store->commit(std::span(&one, 1)).ok());
  }
  /// Does something to the file behind the store's back.
  void tamper(const char* sql) {
    store.reset();
    {
      auto database = SqliteDatabase::open(folder.file("rooms.db"));
      REQUIRE(database.ok());
      INFO(sql);
      REQUIRE((*database)->execute(sql));
    }
    open();
  }
  StoreFolder folder;
  std::unique_ptr<SqliteStore> store;
};

}  // namespace

TEST_CASE("sqlite_store_finds_every_damaged_or_missing_row") {
  const char* sql = GENERATE(
      "UPDATE Document SET epoch='x' WHERE name='room'",
      "UPDATE Document SET lastSeq=lastSeq-1 WHERE name='room'", "UPDATE Snapshot SET data=x'80'",
      "DELETE FROM Snapshot", "UPDATE JournalBatch SET endTime=9 WHERE documentId=1",
      "UPDATE JournalBatch SET operations=x'90' WHERE documentId=1",
      "DELETE FROM JournalBatch WHERE firstSeq=4",
      "UPDATE JournalBatch SET chain=zeroblob(32) WHERE firstSeq=4",
      "UPDATE Document SET chain=zeroblob(32) WHERE id=1", "DELETE FROM Document WHERE id=1",
      "UPDATE Document SET name='roam' WHERE id=1", "UPDATE Document SET id=7 WHERE id=1",
      "UPDATE Operation SET data=x'01' WHERE msgId='alice:2'",
      "UPDATE Operation SET msgId='alice:9' WHERE msgId='alice:2'",
      "DELETE FROM Operation WHERE msgId='alice:2' AND documentId=1",
      "UPDATE Author SET data=x'0101' WHERE documentId=1", "DELETE FROM Author WHERE documentId=1");
  File file;
  file.tamper(sql);
  const auto record = file.store->load(room_log("room"));
  INFO(sql);
  REQUIRE_FALSE(record.ok());
  CHECK(record.error().code == ErrorCode::Storage);
  CHECK(record.error().text.find("room") != std::string::npos);
}

TEST_CASE("sqlite_store_takes_no_unknown_name_for_a_new_room_when_a_room_is_lost") {
  File file;
  file.tamper("DELETE FROM Document WHERE id=2");
  CHECK_FALSE(file.store->load(room_log("other")).ok());
  CHECK_FALSE(file.store->load(room_log("never seen")).ok());
  CHECK(file.store->load(room_log("room")).ok());
}

TEST_CASE("sqlite_store_finds_that_it_is_older_than_its_mark") {
  File file;
  const auto copy = [&](const char* from, const char* to) {
    std::filesystem::copy_file(file.folder.file(from), file.folder.file(to),
                               std::filesystem::copy_options::overwrite_existing);
  };
  file.store.reset();
  copy("rooms.db", "backup.db");
  file.open();
  file.commit(batch_of("e", 5, 6));
  file.store.reset();
  copy("backup.db", "rooms.db");
  file.open();
  const auto content = file.store->load(room_log("room"));
  REQUIRE_FALSE(content.ok());
  CHECK(content.error().text.find("mark") != std::string::npos);
  CHECK(file.store->load(room_log("other")).ok());
  file.store.reset();
  std::filesystem::remove(file.folder.file("rooms.db-mark"));
  file.open();
  CHECK(file.store->load(room_log("room"))->last_seq == 4);
}

TEST_CASE("sqlite_store_renames_the_data_that_no_mark_vouches_for") {
  File file;
  CHECK(file.store->load(room_log("room"))->epoch == "e");
  file.store.reset();
  std::filesystem::remove(file.folder.file("rooms.db-mark"));
  file.open();
  file.store->look_only();
  CHECK(file.store->load(room_log("room"))->epoch == "e");
  file.open();
  const std::string renamed = file.store->load(room_log("room"))->epoch;
  CHECK(renamed.size() == 32);
  file.commit(batch_of(renamed, 5, 5));
  file.open();
  CHECK(file.store->load(room_log("room"))->epoch == renamed);
  CHECK(file.store->load(room_log("room"))->last_seq == 5);
}

TEST_CASE("sqlite_store_loads_other_rooms_beside_a_damaged_one") {
  File file;
  file.tamper("UPDATE JournalBatch SET endTime=9 WHERE documentId=1");
  CHECK_FALSE(file.store->load(room_log("room")).ok());
  CHECK(file.store->load(room_log("other")).ok());
}

TEST_CASE("sqlite_store_belongs_to_one_process") {
  File file;
  const auto second = SqliteStore::open(file.folder.file("rooms.db"));
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().text.find("in use by another process") != std::string::npos);
}

TEST_CASE("sqlite_store_refuses_a_file_of_another_format") {
  File file;
  file.store.reset();
  {
    auto database = SqliteDatabase::open(file.folder.file("rooms.db"));
    REQUIRE(database.ok());
    REQUIRE((*database)->execute("PRAGMA user_version=77"));
  }
  CHECK_FALSE(SqliteStore::open(file.folder.file("rooms.db")).ok());
}

TEST_CASE("sqlite_store_says_when_the_folder_is_missing") {
  CHECK_FALSE(SqliteStore::open("missing-folder/rooms.db").ok());
}

TEST_CASE("store_thread_answers_in_order_and_finishes_before_it_ends") {
  StoreFolder folder;
  auto opened = SqliteStore::open(folder.file("rooms.db"));
  REQUIRE(opened.ok());
  std::vector<int> order;
  std::mutex mutex;
  {
    StoreThread thread(std::move(*opened), [&](std::function<void()> what) {
      const std::lock_guard lock(mutex);
      what();
    });
    for (int i = 1; i <= 50; ++i) {
      thread.queue().commit({room_log("room"), batch_of("e", i, i)}, [&, i](const Status& status) {
        order.push_back(status.ok() ? i : -i);
      });
    }
    thread.queue().load(room_log("room"), [&](const Result<LogContent>& record) {
      order.push_back(record.ok() ? static_cast<int>(record->last_seq) : -1);
    });
  }
  REQUIRE(order.size() == 51);
  for (int i = 1; i <= 50; ++i) CHECK(order[static_cast<std::size_t>(i - 1)] == i);
  CHECK(order.back() == 50);
}
