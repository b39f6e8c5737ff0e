// The database of a channel: what SQLite's shell would read, and what comes back after a restart.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "protocol/table/channel.hpp"
#include "storage/table_file.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;
using namespace vuer_rtc::table;

namespace {

const std::string kSite = "0123456789ABCDEF0123456789ABCDEF";

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("table-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file() const { return (path_ / "channel.db").string(); }
  std::unique_ptr<TableFile> open() const {
    auto opened = TableFile::open(file(), Durability::Full, {"c", kSite}, {"todos"});
    REQUIRE(opened.ok());
    return std::move(*opened);
  }

 private:
  std::filesystem::path path_;
};

/// A channel that is written to its file after every message.
class Kept {
 public:
  explicit Kept(const Folder& folder) : file_(folder.open()) {
    auto stored = file_->load();
    REQUIRE(stored.ok());
    site = stored->site;
    channel_ = std::make_unique<Channel>("c", ChannelOptions{}, std::move(*stored));
    channel_->join(1, true, 0);
    run();
  }
  void say(const std::string& frame) {
    channel_->receive(1, frame, 0);
    run();
  }
  Channel& channel() { return *channel_; }
  SitePair site;

 private:
  void run() {
    for (auto actions = channel_->take_actions(); !actions.empty();
         actions = channel_->take_actions()) {
      for (const Action& action : actions) {
        const auto* write = std::get_if<Write>(&action);
        if (write == nullptr) continue;
        REQUIRE(file_->write(*write).ok());
        channel_->on_committed();
      }
    }
  }
  std::unique_ptr<TableFile> file_;
  std::unique_ptr<Channel> channel_;
};

std::string update(const std::string& changes, int version) {
  return R"({"type":"update","siteId":"aaaa","version":)" + std::to_string(version) +
         R"(,"changes":[)" + changes + "]}";
}

std::string cell(const std::string& row, const std::string& column, const std::string& value,
                 int version) {
  return R"(["todos","[\")" + row + R"(\"]",")" + column + "\"," + value + ",1," +
         std::to_string(version) + R"(,"aaaa",1,0])";
}

/// The first column of all rows, as another program reads them.
std::vector<std::string> ask(const Folder& folder, const char* sql) {
  auto database = SqliteDatabase::open(folder.file(), Durability::Full, Sharing::WithReaders);
  REQUIRE(database.ok());
  Statement rows = (*database)->prepare(sql);
  REQUIRE(rows.ready());
  std::vector<std::string> found;
  while (rows.step() == Statement::Step::Row) found.push_back(rows.text());
  return found;
}

}  // namespace

TEST_CASE("file_holds_the_tables_of_the_specification_for_others_to_read") {
  const Folder folder;
  Kept kept(folder);
  kept.say(update(cell("t1", "title", R"("milk")", 1) + "," + cell("t1", "done", "0", 1), 1));
  CHECK(ask(folder, "SELECT id FROM crdt_site_id") == std::vector<std::string>{kSite});
  CHECK(ask(folder, "SELECT version FROM crdt_db_version") == std::vector<std::string>{"1"});
  CHECK(ask(folder,
            "SELECT json_array(\"table\", pk, cid, val, col_version, db_version, site_id,"
            " cl, seq) FROM crdt_changes ORDER BY cid") ==
        std::vector<std::string>{R"(["todos","[\"t1\"]","done",0,1,1,"aaaa",1,0])",
                                 R"(["todos","[\"t1\"]","title","milk",1,1,"aaaa",1,0])"});
  CHECK(ask(folder, "SELECT site_id || ' ' || event || ' ' || version FROM crdt_tracked_peers") ==
        std::vector<std::string>{"aaaa 0 1"});
  CHECK(ask(folder, "SELECT value FROM crdt_meta WHERE key = 'channel'") ==
        std::vector<std::string>{"c"});
}

TEST_CASE("file_shows_living_rows_as_a_view_of_the_table") {
  const Folder folder;
  Kept kept(folder);
  kept.say(update(cell("t1", "title", R"("milk")", 1) + "," + cell("t1", "done", "0.5", 1), 1));
  kept.say(update(cell("t2", "title", R"("tea")", 2), 2));
  kept.say(update(cell("t3", "title", R"("gone")", 3) + "," + cell("t3", "-1", "null", 4), 4));
  CHECK(ask(folder, "SELECT json_array(pk, title, done) FROM todos") ==
        std::vector<std::string>{R"(["[\"t1\"]","milk",0.5])", R"(["[\"t2\"]","tea",null])"});
}

TEST_CASE("file_brings_everything_back_after_a_restart") {
  const Folder folder;
  SitePair site;
  {
    Kept kept(folder);
    site = kept.site;
    kept.say(update(cell("t1", "x", "9007199254740993", 1) + "," + cell("t1", "y", "1.0", 1), 1));
    kept.say(update(cell("t2", "x", "1", 2) + "," + cell("t2", "-1", "null", 3), 3));
  }
  Kept again(folder);
  CHECK(again.site.causal == site.causal);
  CHECK(again.site.plain.size() == 16);
  CHECK(again.channel().version() == 3);
  CHECK(again.channel().dialect() == Dialect::Plain);
  const RowKey t1{"todos", R"(["t1"])"}, t2{"todos", R"(["t2"])"};
  const Store& store = again.channel().store();
  CHECK(store.find(CellKey{t1, "x"})->change.val == Value(std::int64_t{9007199254740993}));
  CHECK(store.find(CellKey{t1, "y"})->change.val == Value(1.0));
  CHECK(store.find(CellKey{t1, "y"})->writer == "aaaa");
  CHECK(store.find(t2)->cl == 2);
  CHECK(store.find(t2)->seen.at("aaaa") == 3);
  CHECK(again.channel().peers().size() == 1);
}

TEST_CASE("file_of_a_newer_schema_is_left_alone") {
  const Folder folder;
  folder.open();
  (*SqliteDatabase::open(folder.file()))->execute("PRAGMA user_version=2");
  CHECK_FALSE(TableFile::open(folder.file(), Durability::Full, {"c", kSite}, {}).ok());
}
