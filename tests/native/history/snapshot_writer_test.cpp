// Snapshots as they are written: the document at the line, whatever lies above it.
#include <algorithm>

#include "history/parts.hpp"
#include "random_history.hpp"
#include "vuer_rtc/version.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json published(Written& written) {
  Bytes out;
  written.history.write_published(out);
  return json_of(out);
}

}  // namespace

TEST_CASE("snapshot_holds_every_part_of_the_plain_form") {
  Written written;
  written.take(message_of(
      "a", 1, 1, 10,
      json::array({node_op("node.insert", "", {{"key", "n"}}),
                   node_op("node.insert", "n", {{"key", "k"}}),
                   node_op("node.insert", "later", {{"key", "orphan"}}),
                   insert_on("a:0", nullptr, "abc"), insert_on("a:9", "z:0", "waits")})));
  const json cut = {{"ot", "text.delete"},
                    {"key", "n"},
                    {"path", "t"},
                    {"rm", json::array({json::array({"a:1", 1}), json::array({"y:4", 2})})}};
  written.take(message_of("b", 4, 2, 20, json::array({cut})));
  written.take(message_of("b", 5, 3, 30, json::array({meta_op("meta.undo", "c:1")})));
  written.history.raise_line(3);
  const json graph = written.graph();
  const json rope = {{"shown", true},
                     {"begun", true},
                     {"inserts", json::array({json::array({"a:0", 3, nullptr, 1, 3, "abc"})})},
                     {"waiting", json::array({json::array({"a:9", 5, "z:0", 1, 3, "waits"})})},
                     {"rm", json::array({json::array({"a:1", 1}), json::array({"y:4", 2})})}};
  CHECK(written.snapshot() == json{{"version", kPlainSnapshotVersion},
                                   {"graph", graph},
                                   {"parents", {{"k", "n"}, {"orphan", "later"}}},
                                   {"textRopes", {{"n", {{"t", rope}}}}},
                                   {"undone", json::array({"c:1"})},
                                   {"vectorClock", {{"a", 1}, {"b", 5}}},
                                   {"lt", 3},
                                   {"journalIndex", 3},
                                   {"stable", 3}});
  const json form = published(written);
  CHECK(form["graph"] == graph);
  CHECK(form["vectorClock"] == json{{"a", 1}, {"b", 5}});
  CHECK(form["lt"] == 3);
  CHECK(form["journalIndex"] == 3);
  CHECK_FALSE(form.contains("parents"));
  const json items = form["textRopes"]["n"]["t"]["_tree"]["root"]["items"];
  REQUIRE(items.size() == 3);
  CHECK(items[1]["content"] == "b");
  CHECK(items[1]["isDeleted"] == true);
  CHECK(items[2]["anchor"] == "a:1");
}

TEST_CASE("snapshot_before_any_line_is_that_of_an_empty_document") {
  Written written, empty;
  written.take(message_of(
      "a", 1, 1, 10,
      json::array({node_op("node.insert", "", {{"key", "r"}}), op_on("number.set", "p", 1)})));
  json snapshot = written.snapshot();
  CHECK(snapshot["graph"] == empty.graph());
  CHECK(snapshot["stable"] == -1);
  CHECK(snapshot["lt"] == 0);
  CHECK(snapshot["vectorClock"] == json::object());
}

TEST_CASE("snapshot_is_that_of_the_folded_messages_alone_and_leaves_the_history_as_it_was") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    const std::vector<json> messages = random_history(random, 30, seed % 2 == 0);
    const auto line = static_cast<std::int64_t>(random.below(15));
    Written written, alone;
    for (const json& message : messages) written.take(message);
    written.history.raise_line(line);
    // Undone by what lies above the line: gone all the same. The rest is folded alone.
    for (const json& message : messages) {
      const bool is_meta = message["ops"][0]["ot"].get<std::string>().rfind("meta.", 0) == 0;
      if (is_meta && message["lt"] > line) alone.take(message);
    }
    for (const json& message : messages)
      if (message["lt"] <= line) alone.take(message);
    alone.history.raise_line(line);
    const json graph = written.graph();
    const Hash digest = written.history.digest();
    const json snapshot = written.snapshot();
    CHECK(json::diff(comparable(snapshot), comparable(alone.snapshot())) == json::array());
    CHECK(published(written)["graph"] == snapshot["graph"]);
    written.history.check();
    CHECK(written.graph() == graph);
    CHECK(written.history.digest() == digest);
    CHECK(written.snapshot() == snapshot);
  }
}
