// The commands on a database file: damage is found and named, a room goes out and comes in whole.
#include "tools/store_commands.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "storage/sqlite_store.hpp"
#include "storage/store_folder.hpp"
#include "tools/log_file.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

/// A database with a room that has a snapshot and a journal, made by a room.
struct Database {
  Database() {
    InstantRoom room;
    room.join(1, joining("alice"));
    for (std::uint64_t i = 1; i <= 150; ++i) {
      if (i == 120) room.compact();
      room.crdt(1, pack(i == 1 ? words("alice", 1, 1, json::array({insert_node("n")}))
                               : words("alice", i, i)));
    }
    digest = *room.room().digest();
    content = room.disk();
    auto store = SqliteStore::open(path);
    LogAppend append{content.epoch, 1, 150, 0, 0, content.entries, content.ids, content.authors};
    LogSnapshot snapshot{content.epoch, content.state, content.snapshot, 150, 20, content.entries};
    const LogCommit commits[] = {{room_log("demo"), append},
                                 {room_log("demo"), snapshot},
                                 {{"yjs", "other"}, batch_of("e", 1, 3)}};
    REQUIRE((*store)->commit(commits).ok());
  }
  CommandAnswer run(StoreCommand command, std::vector<std::string> words) const {
    std::vector<std::string_view> views(words.begin(), words.end());
    const auto answer = command(
        views, [](const char*) { return nullptr; }, [](const std::string&) {});
    return answer ? *answer : CommandAnswer{answer.error().text, 2};
  }
  void tamper(const char* sql) const {
    auto database = SqliteDatabase::open(path);
    REQUIRE((*database)->execute(sql));
  }
  StoreFolder folder;
  std::string path = folder.file("rooms.db");
  Hash digest{};
  LogContent content;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("check_says_that_a_whole_file_is_whole") {
  Database database;
  const CommandAnswer answer = database.run(run_check, {database.path});
  INFO(answer.text);
  CHECK(answer.status == 0);
  CHECK(holds(answer.text, "2 logs"));
  CHECK(holds(answer.text, "whole"));
}

TEST_CASE("check_finds_planted_damage_and_names_it") {
  struct Damage {
    const char* sql;
    const char* named;
  };
  const Damage damage =
      GENERATE(Damage{"UPDATE JournalBatch SET operations=x'90' WHERE documentId=1",
                      "room demo: its Journal"},
               Damage{"UPDATE Operation SET data=x'01' WHERE msgId='alice:7'", "alice:7"},
               Damage{"DELETE FROM Operation WHERE msgId='alice:149'", "149 rows of Operation"},
               Damage{"UPDATE Snapshot SET data=x'80'", "room demo: its Snapshot"},
               Damage{"DELETE FROM Author WHERE documentId=1", "rows of Author"},
               Damage{"DELETE FROM Document WHERE id=1", "Document row 1 is missing"},
               Damage{"UPDATE Document SET lastSeq=149 WHERE id=1", "Document row 1 is damaged"});
  Database database;
  database.tamper(damage.sql);
  const CommandAnswer answer = database.run(run_check, {database.path});
  INFO(answer.text);
  CHECK(answer.status == 1);
  CHECK(holds(answer.text, damage.named));
}

TEST_CASE("check_names_a_file_that_is_not_there_or_is_in_use") {
  Database database;
  CHECK(holds(database.run(run_check, {"missing.db"}).text, "missing.db: there is no such file"));
  CHECK(database.run(run_check, {}).status == 2);
  const auto store = SqliteStore::open(database.path);
  CHECK(holds(database.run(run_check, {database.path}).text, "in use by another process"));
}

TEST_CASE("replay_gives_the_digest_of_the_room") {
  Database database;
  const CommandAnswer answer =
      database.run(run_replay, {database.path, "--room", "demo", "--graph"});
  INFO(answer.text);
  CHECK(answer.status == 0);
  CHECK(holds(answer.text, hex(database.digest)));
  CHECK(holds(answer.text, "\"rootKey\""));
}

TEST_CASE("replay_goes_back_as_far_as_the_journal_reaches") {
  Database database;
  const auto at = [&](const char* seq) {
    return database.run(run_replay, {database.path, "--room", "demo", "--at", seq});
  };
  CHECK(at("150").text == at("0").text);
  CHECK(at("140").text != at("150").text);
  CHECK(holds(at("3").text, "the journal reaches back to serverSeq"));
}

TEST_CASE("inspect_lists_logs_and_messages") {
  Database database;
  const std::string all = database.run(run_inspect, {database.path}).text;
  CHECK(holds(all, "room  demo  serverSeq 150"));
  CHECK(holds(all, "yjs  other  serverSeq 3"));
  const std::string one = database.run(run_inspect, {database.path, "--room", "demo"}).text;
  CHECK(holds(one, "150  alice:150  lt 150"));
  CHECK(database.run(run_inspect, {database.path, "--room", "nowhere"}).status == 2);
}

TEST_CASE("backup_copies_everything_into_one_file_that_goes_on_under_another_epoch") {
  Database database;
  const std::string copy = database.folder.file("copy.db");
  const CommandAnswer answer = database.run(run_backup, {database.path, "--out", copy});
  INFO(answer.text);
  REQUIRE(answer.status == 0);
  CHECK(holds(answer.text, "2 logs, "));
  CHECK(holds(answer.text, ": whole"));
  CHECK_FALSE(std::ifstream(copy + "-mark").good());
  CHECK(holds(database.run(run_replay, {copy, "--room", "demo"}).text, hex(database.digest)));
  CHECK(database.run(run_backup, {database.path, "--out", copy}).status == 2);
  CHECK(database.run(run_backup, {database.path}).status == 2);
  CHECK(database.run(run_backup, {copy + "2", "--out", copy + "3"}).status == 2);
  CHECK(database.run(run_backup, {database.path, "--out", "/nowhere/copy.db"}).status == 2);
  const auto restored = load_whole(**SqliteStore::open(copy), room_log("demo"));
  REQUIRE(restored.ok());
  CHECK(restored->epoch != database.content.epoch);
  CHECK(restored->last_seq == 150);
  CHECK(restored->ids.size() == 150);
}

TEST_CASE("backup_says_that_it_copied_damage") {
  Database database;
  database.tamper("UPDATE JournalBatch SET operations=x'00' WHERE documentId=1");
  const CommandAnswer answer =
      database.run(run_backup, {database.path, "--out", database.folder.file("copy.db")});
  CHECK(answer.status == 1);
  CHECK(holds(answer.text, "damaged"));
}

TEST_CASE("export_and_import_bring_a_room_over_whole_under_another_epoch") {
  Database database;
  const std::string file = database.folder.file("demo.log");
  const auto run = [&](StoreCommand command, std::vector<std::string> words) {
    words.insert(words.end(), {"--database", "sqlite:" + database.path});
    return database.run(command, words);
  };
  CHECK(run(run_export, {"demo", "--out", file}).status == 0);
  CHECK(run(run_export, {"demo", "--out", file}).status == 2);
  CHECK(run(run_export, {"nowhere", "--out", file + "2"}).status == 2);
  CHECK(run(run_import, {"demo", "--in", file}).status == 2);
  const CommandAnswer imported = run(run_import, {"copy", "--in", file});
  INFO(imported.text);
  REQUIRE(imported.status == 0);
  CHECK(holds(database.run(run_replay, {database.path, "--room", "copy"}).text,
              hex(database.digest)));
  CHECK(database.run(run_check, {database.path}).status == 0);
  const auto copy = (*SqliteStore::open(database.path))->load(room_log("copy"));
  REQUIRE(copy.ok());
  CHECK(copy->epoch != database.content.epoch);
  CHECK(copy->last_seq == 150);
}

TEST_CASE("log_file_is_refused_whole_when_a_byte_is_another_or_missing") {
  const Database database;
  const Bytes whole = encode_log_file(room_log("demo"), database.content);
  REQUIRE(decode_log_file(whole).ok());
  for (std::size_t at = 0; at < whole.size(); at += 97) {
    Bytes other = whole;
    other[at] ^= 0x10;
    CHECK_FALSE(decode_log_file(other).ok());
    CHECK_FALSE(decode_log_file(ByteSpan(whole).first(at)).ok());
  }
}
