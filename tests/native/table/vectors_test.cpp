// tests/vectors/table-merge.json: every message that each connection gets, what is published, and
// the channel at the end; then every case again with a crash between any two steps, and with every
// batch sent twice.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "table/desk.hpp"

using namespace vuer_rtc::table;
using nlohmann::json;

namespace {

const json& cases() {
  static const json all =
      json::parse(std::ifstream(RTC_TESTS_DIR "/vectors/table-merge.json"))["cases"];
  return all;
}

ChannelOptions options_of(const json& given) {
  ChannelOptions options;
  const std::string pull = given.value("pullMode", "tracked");
  if (given.value("ackVersion", "sender") == "server") options.ack_version = AckVersion::Server;
  if (pull != "tracked") options.pull = pull == "full" ? PullMode::Full : PullMode::Literal;
  options.pull_chunk = given.value("pullChunk", std::size_t{1000});
  options.max_changes = given.value("maxChanges", std::size_t{100'000});
  for (const std::string table : given.value("tables", json::array())) options.tables.insert(table);
  options.node = given.value("node", "n1");
  return options;
}

json tuple(const Change& change) {
  std::string value;
  append_value(change.val, value);
  json out = json::array();
  out = {change.row.table,  change.row.pk, change.cid, json::parse(value), change.col_version,
         change.db_version, change.site,   change.cl,  change.seq};
  return out;
}

json rows_of(const Channel& channel) {
  json rows = json::array();
  for (const auto& [key, row] : channel.store().rows()) {
    json one = {{"tbl", key.table}, {"pk", key.pk}, {"cl", row.cl}, {"alive", row.cl % 2 == 1}};
    std::int64_t highest = row.highest;
    for (const auto& [cid, cell] : row.cells)
      if (!cell.change.is_marker()) highest = std::max(highest, cell.change.col_version);
    if (channel.dialect() == Dialect::Plain) one["highest"] = highest;
    rows.push_back(one);
  }
  return rows;
}

json cells_of(const Channel& channel) {
  json cells = json::array();
  for (const auto& [key, row] : channel.store().rows())
    for (const auto& [cid, cell] : row.cells) cells.push_back(tuple(cell.change));
  return cells;
}

json view_of(const Channel& channel) {
  json view = json::object();
  for (const auto& [key, row] : channel.store().rows()) {
    if (row.cl % 2 == 0) continue;
    json& one = view[key.table][key.pk] = json::object();
    for (const auto& [cid, cell] : row.cells)
      if (!cell.change.is_marker()) one[cid] = tuple(cell.change)[3];
  }
  return view;
}

/// Peers in one order, with delivery marks or without.
json sorted_peers(const json& peers, bool with_marks) {
  std::vector<json> all;
  for (const json& peer : peers)
    if (with_marks || peer["event"] == 0) all.push_back(peer);
  std::sort(all.begin(), all.end(),
            [](const json& a, const json& b) { return a.dump() < b.dump(); });
  return all;
}

json peers_of(const Channel& channel) {
  json peers = json::array();
  for (const PeerLine& line : channel.peers())
    peers.push_back({{"siteId", line.site},
                     {"event", static_cast<int>(line.event)},
                     {"version", line.version}});
  return peers;
}

json dialect_of_channel(const Channel& channel) {
  if (channel.dialect() == Dialect::Unset) return nullptr;
  return channel.dialect() == Dialect::Plain ? "plain" : "crsqlite";
}

enum class Way { Plainly, Doubled };

class Script {
 public:
  explicit Script(const json& one)
      : one_(one), desk_(options_of(one["options"]), {one["server"], one["server"]}) {}

  /// `crash_before`: a step; all connections that are open then come back.
  void run(Way way, std::size_t crash_before) {
    const json& steps = one_["steps"];
    for (std::size_t at = 0; at < steps.size(); ++at) {
      INFO("step " << at << ": " << steps[at].dump());
      if (at == crash_before) crash();
      perform(steps[at]);
      crashed_ ? check_promises(steps[at]) : check_exactly(steps[at]);
      if (way == Way::Doubled && steps[at].contains("message")) {
        perform(steps[at]);
        forget();
      }
    }
    check_state();
  }

 private:
  void perform(const json& step) {
    if (step.contains("open")) return desk_.open(step["open"]);
    if (step.contains("close")) return desk_.close(step["close"]);
    if (step.contains("pong")) {
      desk_.ping(step["pong"]);
      return desk_.pong(step["pong"]);
    }
    if (step.contains("envelope")) {
      outcome_ = desk_.envelope(step["envelope"].dump());
      return;
    }
    const std::string frame =
        step.contains("text") ? step["text"].get<std::string>() : step["message"].dump();
    if (!step.contains("transient")) return desk_.say(step["from"], frame);
    REQUIRE(step["transient"] == fault_code(Fault::RateLimited));
    desk_.refuse(step["from"], frame, Fault::RateLimited);
  }

  /// The sentence of an error is free.
  static json comparable(json message) {
    if (message["type"] == "error") message.erase("message");
    return message;
  }

  json next(const std::string& name) {
    auto& heard = desk_.heard[name];
    REQUIRE(!heard.empty());
    const std::string frame = heard.front();
    heard.pop_front();
    return json::parse(frame);
  }

  void check_exactly(const json& step) {
    for (const json& expected : step.value("expect", json::array()))
      CHECK(comparable(next(expected["to"])) == comparable(expected["message"]));
    for (const auto& [name, heard] : desk_.heard) CHECK(heard.empty());
    for (const json& expected : step.value("publish", json::array())) {
      REQUIRE(!desk_.published.empty());
      CHECK(json::parse(desk_.published.front()) == expected);
      desk_.published.pop_front();
    }
    CHECK(desk_.published.empty());
    if (step.contains("outcome")) check_outcome(step["outcome"]);
  }

  void check_outcome(const json& expected) {
    CHECK(outcome_.is_dropped == expected.contains("dropped"));
    if (expected.contains("merged")) CHECK(outcome_.merged == expected["merged"]);
    CHECK(outcome_.gap.has_value() == expected.contains("gap"));
    if (!outcome_.gap) return;
    CHECK(outcome_.gap->first == expected["gap"]["from"]);
    CHECK(outcome_.gap->second == expected["gap"]["to"]);
    REQUIRE(!desk_.requested.empty());
    const json request = json::parse(desk_.requested.front());
    desk_.requested.pop_front();
    CHECK(request["since"] == expected["gap"]["from"]);
  }

  /// After a crash a pull may bring more than it had to, and nobody is held any more; acks and
  /// whatever else was promised stay.
  void check_promises(const json& step) {
    for (const json& expected : step.value("expect", json::array())) {
      const json& message = expected["message"];
      if (message.contains("held")) continue;
      const auto& heard = desk_.heard[expected["to"]];
      const bool is_there = std::any_of(heard.begin(), heard.end(), [&](const std::string& frame) {
        return covers(json::parse(frame), message);
      });
      CHECK(is_there);
    }
    forget();
  }

  static bool covers(const json& heard, const json& expected) {
    if (heard["type"] != expected["type"]) return false;
    if (expected["type"] != "update") return comparable(heard) == comparable(expected);
    for (const json& change : expected["changes"]) {
      const json& all = heard["changes"];
      if (std::find(all.begin(), all.end(), change) == all.end()) return false;
    }
    return true;
  }

  void crash() {
    std::vector<std::string> here;
    for (const char* name : {"a", "b", "c"})
      if (desk_.is_open(name)) here.push_back(name);
    desk_.advance(1500);  // delivery marks are written now
    desk_.restart();
    for (const std::string& name : here) desk_.open(name);
    forget();
    crashed_ = true;
  }

  void forget() {
    desk_.heard.clear();
    desk_.published.clear();
  }

  void check_state() {
    const json& state = one_["state"];
    const Channel& channel = desk_.channel();
    CHECK(channel.version() == state["version"]);
    CHECK(dialect_of_channel(channel) == state["dialect"]);
    CHECK(rows_of(channel) == state["rows"]);
    CHECK(cells_of(channel) == state["cells"]);
    CHECK(view_of(channel) == state["view"]);
    CHECK(sorted_peers(peers_of(channel), !crashed_) == sorted_peers(state["peers"], !crashed_));
  }

  const json& one_;
  Desk desk_;
  EnvelopeOutcome outcome_;
  bool crashed_ = false;
};

constexpr std::size_t kNever = 1'000'000;

}  // namespace

#define GROUP(group)                       \
  for (const json& one : cases()) {        \
    if (one["group"] != group) continue;   \
    INFO(one["name"]);                     \
    Script(one).run(Way::Plainly, kNever); \
  }

TEST_CASE("vectors_messages"){GROUP("messages")} TEST_CASE("vectors_pull"){
    GROUP("pull")} TEST_CASE("vectors_merge"){GROUP("merge")} TEST_CASE("vectors_versions"){
    GROUP("versions")} TEST_CASE("vectors_delete"){GROUP("delete")} TEST_CASE("vectors_ack"){
    GROUP("ack")} TEST_CASE("vectors_peers"){GROUP("peers")} TEST_CASE("vectors_errors"){
    GROUP("errors")} TEST_CASE("vectors_causal"){GROUP("causal")} TEST_CASE("vectors_instances"){
    GROUP("instances")}

TEST_CASE("vectors_end_the_same_when_every_batch_comes_twice") {
  for (const json& one : cases()) {
    INFO(one["name"]);
    Script(one).run(Way::Doubled, kNever);
  }
}

TEST_CASE("vectors_keep_their_promises_over_a_crash_before_any_step") {
  for (const json& one : cases()) {
    for (std::size_t at = 0; at < one["steps"].size(); ++at) {
      INFO(one["name"] << ", crash before step " << at);
      Script(one).run(Way::Plainly, at);
    }
  }
}
