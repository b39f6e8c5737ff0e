// What a channel does beside the vectors: acks behind the disk, failed writes, floods, greetings,
// rights, slow pulls.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "protocol/table/close_code.hpp"
#include "table/desk.hpp"

using namespace vuer_rtc::table;
using nlohmann::json;

namespace {

const SitePair kSite{"0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F", "server-site-0001"};

std::string update(int version, int rows = 1) {
  json message = {{"type", "update"}, {"siteId", "aaaa"}, {"version", version}};
  message["changes"] = json::array();
  for (int i = 0; i < rows; ++i) {
    json change = json::array();
    change = {
        "todos", "[" + std::to_string(version * 1000 + i) + "]", "n", 1, 1, version, "aaaa", 1, 0};
    message["changes"].push_back(change);
  }
  return message.dump();
}

const std::string kPull = R"({"type":"pull","siteId":"bbbb","version":0})";

std::vector<std::string> types(const std::deque<std::string>& heard) {
  std::vector<std::string> out;
  for (const std::string& frame : heard) out.push_back(json::parse(frame)["type"]);
  return out;
}

}  // namespace

TEST_CASE("channel_acks_and_forwards_only_what_is_on_disk") {
  Desk desk({}, kSite);
  desk.open("a");
  desk.open("b");
  desk.heard.clear();
  desk.holds_commits = true;
  desk.say("a", update(1));
  desk.say("a", update(2));
  CHECK(desk.heard["a"].empty());
  CHECK(desk.heard["b"].empty());
  desk.commit();
  CHECK(types(desk.heard["a"]) == std::vector<std::string>{"ack"});
  desk.commit();
  CHECK(types(desk.heard["a"]) == std::vector<std::string>{"ack", "ack"});
  CHECK(types(desk.heard["b"]) == std::vector<std::string>{"update", "update"});
}

TEST_CASE("channel_with_a_failed_write_tells_its_writers_and_sends_everybody_away") {
  Desk desk({}, kSite);
  desk.open("a");
  desk.open("b");
  desk.heard.clear();
  desk.holds_commits = true;
  desk.say("a", update(7));
  desk.fail_commit();
  REQUIRE(desk.heard["a"].size() == 1);
  const json error = json::parse(desk.heard["a"].front());
  CHECK(error["code"] == "storage");
  CHECK(error["version"] == 7);
  CHECK(desk.heard["b"].empty());
  CHECK(desk.closed == std::map<std::string, int>{{"a", kStorage}, {"b", kStorage}});
  CHECK(desk.channel().failed());
  desk.restart();
  CHECK(desk.channel().version() == 0);
}

TEST_CASE("channel_closes_who_sends_more_than_20_errors_in_10_seconds") {
  Desk desk({}, kSite);
  desk.open("a");
  for (int i = 0; i < 20; ++i) desk.say("a", "{");
  CHECK(desk.closed.empty());
  desk.advance(10'000);
  for (int i = 0; i < 20; ++i) desk.say("a", "{");
  CHECK(desk.closed.empty());
  desk.say("a", "{");
  CHECK(desk.closed.at("a") == kTooManyErrors);
}

TEST_CASE("channel_greets_a_silent_connection_three_times_at_most") {
  Desk desk({}, kSite);
  desk.open("a");
  for (int i = 0; i < 10; ++i) desk.advance(1000);
  CHECK(desk.heard["a"].size() == 3);
  desk.open("b");
  desk.say("b", kPull);
  for (int i = 0; i < 10; ++i) desk.advance(1000);
  CHECK(types(desk.heard["b"]) == std::vector<std::string>{"connected", "update"});
}

TEST_CASE("channel_refuses_updates_without_the_right_to_write") {
  Desk desk({}, kSite);
  desk.open("a", false);
  desk.say("a", update(1));
  CHECK(json::parse(desk.heard["a"].back())["code"] == "forbidden");
  CHECK(desk.channel().version() == 0);
}

TEST_CASE("channel_answers_ten_pulls_in_a_second_and_refuses_the_next") {
  Desk desk({}, kSite);
  desk.open("b");
  for (int i = 0; i < 10; ++i) desk.say("b", kPull);
  CHECK(types(desk.heard["b"]).back() == "update");
  desk.say("b", kPull);
  CHECK(json::parse(desk.heard["b"].back())["code"] == "rate_limited");
}

TEST_CASE("channel_sends_a_long_answer_as_its_reader_takes_it") {
  ChannelOptions options;
  options.pull_chunk = 10;
  Desk desk(options, kSite);
  desk.open("a");
  for (int version = 1; version <= 20; ++version) desk.say("a", update(version, 10));
  desk.open("b");
  desk.heard.clear();
  desk.say("b", kPull);
  const std::size_t first = desk.heard["b"].size();
  CHECK(first < 10);
  for (int i = 0; i < 20; ++i) desk.drain("b");
  CHECK(desk.heard["b"].size() == 20);
  std::size_t count = 0;
  std::int64_t last = 0;
  for (const std::string& frame : desk.heard["b"]) {
    const json message = json::parse(frame);
    CHECK(message["version"] > last);
    last = message["version"];
    count += message["changes"].size();
  }
  CHECK(count == 200);
  CHECK(last == desk.channel().version());
}

TEST_CASE("channel_that_is_full_takes_no_more") {
  ChannelOptions options;
  options.content_bytes = 2000;
  Desk desk(options, kSite);
  desk.open("a");
  desk.say("a", update(1, 10));
  desk.say("a", update(2));
  CHECK(json::parse(desk.heard["a"].back())["code"] == "storage");
  CHECK(desk.closed.at("a") == kStorage);
}

TEST_CASE("channel_forgets_the_site_it_heard_of_longest_ago") {
  ChannelOptions options;
  options.max_sites = 3;
  Desk desk(options, kSite);
  desk.open("a");
  for (const char* site : {"s1", "s2", "s3", "s4"})
    desk.say("a", R"({"type":"update","siteId":")" + std::string(site) +
                      R"(","version":1,"changes":[]})");
  std::vector<std::string> sites;
  for (const PeerLine& line : desk.channel().peers()) sites.push_back(line.site);
  CHECK(sites == std::vector<std::string>{"s2", "s3", "s4"});
}
