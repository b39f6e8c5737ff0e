// Raising the line: what is folded stays in the document, what lies above stays changeable.
#include <algorithm>

#include "history/parts.hpp"
#include "random_history.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json set_message(const char* client, std::uint64_t number, std::uint64_t lt, int value) {
  return message_of(client, number, lt, 100.0 + static_cast<double>(lt),
                    json::array({op_on("number.set", "p", value)}));
}

json clock_of(const Written& written, bool base) {
  Bytes out;
  written.history.write_clock(out, base);
  return json_of(out);
}

}  // namespace

TEST_CASE("line_folds_the_messages_at_or_below_it_and_no_other") {
  Written written;
  History& history = written.history;
  written.take(node_message());
  written.take(set_message("b", 1, 2, 7));
  written.take(set_message("a", 2, 3, 8));
  const json graph = written.graph();
  const Hash digest = history.digest();
  history.raise_line(2);
  history.check();
  CHECK(history.stable() == 2);
  CHECK(history.journal_index() == 2);
  CHECK(history.find("a:1") == kNoMessage);
  CHECK(history.find("b:1") == kNoMessage);
  CHECK(history.find("a:2") != kNoMessage);
  CHECK(clock_of(written, true) == json{{"a", 1}, {"b", 1}});
  CHECK(clock_of(written, false) == json{{"a", 2}, {"b", 1}});
  CHECK(history.folded_number(history.messages().clients().find("a")) == 1);
  CHECK(written.graph() == graph);
  CHECK(history.digest() == digest);
  history.raise_line(1);
  CHECK(history.stable() == 2);
  CHECK(history.journal_index() == 2);
}

TEST_CASE("line_removes_what_is_undone_for_good") {
  Written written;
  written.take(node_message());
  written.take(set_message("b", 1, 2, 7));
  written.take(message_of("b", 2, 3, 50, json::array({meta_op("meta.undo", "b:1")})));
  written.history.raise_line(3);
  written.history.check();
  CHECK_FALSE(written.node("n").contains("p"));
  written.take(message_of("b", 3, 4, 50, json::array({meta_op("meta.redo", "b:1")})));
  written.history.check();
  CHECK_FALSE(written.node("n").contains("p"));
  CHECK(written.snapshot()["undone"] == json::array());
}

TEST_CASE("line_keeps_the_undo_of_a_message_that_never_came") {
  Written written;
  written.take(node_message());
  written.take(message_of("b", 2, 2, 50, json::array({meta_op("meta.undo", "c:1")})));
  written.history.raise_line(2);
  CHECK(written.snapshot()["undone"] == json::array({"c:1"}));
  written.take(set_message("c", 1, 5, 9));
  written.history.check();
  CHECK_FALSE(written.node("n").contains("p"));
}

TEST_CASE("line_leaves_pending_edits_on_top") {
  Written written;
  History& history = written.history;
  written.take(node_message());
  history.open_pending(history.messages().clients().find("a"), 2, 50);
  add_pending(history, op_on("number.add", "p", 5));
  history.raise_line(1);
  history.check();
  CHECK(history.has_pending());
  CHECK(written.node("n")["p"] == 5);
  written.take(set_message("b", 1, 9, 10));
  CHECK(written.node("n")["p"] == 15);
  history.drop_pending();
  CHECK(written.node("n")["p"] == 10);
}

TEST_CASE("line_folded_messages_touch_their_nodes_for_good") {
  Written written;
  written.take(node_message());
  const MessageIndex early = written.take(set_message("b", 1, 2, 7));
  written.take(set_message("b", 2, 6, 8));
  REQUIRE(early != kNoMessage);
  written.history.raise_line(2);
  written.history.remove(written.history.find("b:2"));
  CHECK(written.node("n")["_crdt"]["lamportTime"] == 2);
  CHECK(written.node("n")["_crdt"]["updatedAt"] == 102);
  CHECK(written.node("n")["p"] == 7);
}

TEST_CASE("line_folds_everything_of_a_bare_graph_wherever_the_line_is") {
  Written written;
  written.take(node_message());
  written.take(set_message("b", 1, 700, 7));
  const json graph = written.graph();
  written.history.fold_all();
  written.history.check();
  CHECK(written.history.stable() == kNoLine);
  CHECK(written.history.messages().count() == 0);
  CHECK(written.history.journal_index() == 2);
  CHECK(written.graph() == graph);
}

TEST_CASE("line_raised_step_by_step_changes_nothing_that_is_seen") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    std::vector<json> messages = random_history(random, 30, seed % 2 == 0);
    std::stable_sort(messages.begin(), messages.end(),
                     [](const json& a, const json& b) { return a["lt"] < b["lt"]; });
    // An undo must know its target's fate before that is folded: metas stay above the line.
    Written folded, kept;
    std::uint64_t last = 0;
    for (const json& message : messages) {
      if (message["ops"][0]["ot"].get<std::string>().rfind("meta.", 0) == 0) continue;
      folded.take(message);
      kept.take(message);
      last = message["lt"].get<std::uint64_t>();
      if (random.percent(30)) folded.history.raise_line(static_cast<std::int64_t>(last) - 1);
      folded.history.check();
      require_same(folded, kept);
    }
    folded.history.raise_line(static_cast<std::int64_t>(last));
    CHECK(folded.history.messages().count() == 0);
    require_same(folded, kept);
  }
}
