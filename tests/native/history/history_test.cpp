// A whole history against one that takes the same messages in order: whatever came, went, moved or
// is pending.
#include "history/history.hpp"

#include <algorithm>

#include "base/utf.hpp"
#include "history/parts.hpp"
#include "random_history.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

std::u16string units_of(const json& text) {
  std::u16string units;
  append_utf16(text.get<std::string>(), units);
  return units;
}

bool comes_first(const json& a, const json& b) {
  if (a["lt"] != b["lt"]) return a["lt"] < b["lt"];
  if (a["client"] != b["client"]) return units_of(a["client"]) < units_of(b["client"]);
  return units_of(a["id"]) < units_of(b["id"]);
}

/// The op as a store would put it on top: in normal form.
json normal(const json& op) {
  const Bytes bytes = msgpack_of(message_of("x", 1, 1, 1, json::array({op})));
  MsgReader reader{ByteSpan(bytes)};
  MessageDecoder decoder;
  MessageView view;
  REQUIRE(decoder.decode(reader, Limits{}, Strictness::Fold, view).ok());
  return json_of(view.ops)[0];
}

/// Messages come, go, move and are written; an expected history takes what is left in order.
class Life {
 public:
  explicit Life(std::uint32_t seed)
      : random_(seed),
        is_hostile_(seed % 3 == 0),
        waiting_(random_history(random_, 40, is_hostile_)) {
    shuffle(random_, waiting_);
  }

  void step() {
    const std::uint32_t what = random_.below(100);
    if (what < 50 && !waiting_.empty()) {
      known_.push_back(waiting_.back());
      life_.take(known_.back());
      waiting_.pop_back();
    } else if (what < 62 && !known_.empty()) {
      const std::size_t at = some();
      life_.history.remove(life_.history.find(known_[at]["id"].get<std::string>()));
      waiting_.push_back(known_[at]);
      known_.erase(known_.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (what < 75 && !known_.empty()) {
      move();
    } else if (!is_hostile_) {
      pend();  // hostile ids could hang on units that nobody has committed yet
    }
    compare();
  }

 private:
  std::size_t some() { return random_.below(static_cast<std::uint32_t>(known_.size())); }

  void move() {
    std::vector<History::Move> moves;
    for (json& message : known_) {
      if (random_.percent(80)) continue;
      message["lt"] = random_.below(40);
      moves.push_back({life_.history.find(message["id"].get<std::string>()),
                       message["lt"].get<std::uint64_t>()});
    }
    life_.history.move(moves);
  }

  void pend() {
    History& history = life_.history;
    if (!history.has_pending()) {
      history.open_pending(history.messages().clients().intern("x"), history.lt() + 1, 77);
    } else if (random_.percent(20)) {
      history.drop_pending();
      pending_.clear();
      return;
    } else if (random_.percent(20) && !pending_.empty()) {
      close();
      return;
    } else if (random_.percent(20) && !pending_.empty()) {
      pending_.erase(pending_.begin() + random_.below(static_cast<std::uint32_t>(pending_.size())));
      Bytes ops;
      for (const json& op : pending_) {
        const Bytes more = msgpack_of(op);
        ops.insert(ops.end(), more.begin(), more.end());
      }
      history.replace_pending(ops, static_cast<std::uint32_t>(pending_.size()));
      return;
    }
    pending_.push_back(normal(random_op(random_)));
    add_pending(history, pending_.back());
  }

  void close() {
    History& history = life_.history;
    json ops = json::array();
    for (const json& op : pending_) ops.push_back(op);
    const json message = message_of("x", 100 + ++closed_, history.lt() + 1, 90, ops);
    const Bytes bytes = msgpack_of(message);
    MessageDecoder decoder;
    MessageView view;
    MsgReader reader{ByteSpan(bytes)};
    REQUIRE(decoder.decode(reader, Limits{}, Strictness::Fold, view).ok());
    const MessageIndex index = history.close_pending(view);
    CHECK(history.find(message["id"].get<std::string>()) == index);
    known_.push_back(message);
    pending_.clear();
  }

  void compare() {
    std::vector<json> in_order = known_;
    std::sort(in_order.begin(), in_order.end(), comes_first);
    Written expected;
    for (const json& message : in_order) expected.take(message);
    History& history = life_.history;
    history.check();
    REQUIRE(history.digest() == expected.history.digest());
    history.check();
    const auto order = history.in_order();
    REQUIRE(order.size() == in_order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      REQUIRE(history.messages()[order[i]].id() == in_order[i]["id"].get<std::string>());
    if (!history.has_pending()) return require_same(life_, expected);
    // What the pending edits show: that of a message behind all others.
    json ops = json::array();
    for (const json& op : pending_) ops.push_back(op);
    expected.take(message_of("x", 999, 1000, 77, ops));
    REQUIRE(life_.texts() == expected.texts());
    REQUIRE(values(life_) == values(expected));
  }

  static json values(Written& written) {
    json nodes = written.graph()["nodes"];
    for (auto& [key, node] : nodes.items()) {
      node["_crdt"] = json{{"createdAt", node["_crdt"]["createdAt"]},
                           {"deleted", node["_crdt"].contains("deletedAt")}};
    }
    return nodes;
  }

  Random random_;
  bool is_hostile_;
  std::vector<json> waiting_, known_, pending_;
  Written life_;
  std::uint64_t closed_ = 0;
};

json set_message(std::uint64_t number, std::uint64_t lt, const char* path, int value) {
  return message_of("a", number, lt, 100.0 + static_cast<double>(lt),
                    json::array({op_on("number.set", path, value)}));
}

}  // namespace

TEST_CASE("history_equals_the_messages_in_order_after_every_step") {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    Life life(seed);
    for (int step = 0; step < 60; ++step) {
      INFO("step " << step);
      life.step();
    }
  }
}

TEST_CASE("history_knows_a_copy_by_its_content") {
  Written written;
  const json message = set_message(2, 5, "p", 1);
  const MessageIndex index = written.take(message);
  const auto is_same = [&](const json& copy) {
    Parts reader;
    const Bytes bytes = msgpack_of(copy);
    MessageDecoder decoder;
    MessageView view;
    MsgReader at{ByteSpan(bytes)};
    REQUIRE(decoder.decode(at, Limits{}, Strictness::Fold, view).ok());
    return written.history.is_same(index, view);
  };
  json copy = message;
  CHECK(is_same(copy));
  copy["lt"] = 9;
  copy["serverSeq"] = 4;
  copy["stable"] = 2;
  CHECK(is_same(copy));
  for (const auto& [field, value] :
       {std::pair<const char*, json>{"ts", 1}, {"client", "b"}, {"clock", {{"a", 3}}}}) {
    INFO(field);
    json other = message;
    other[field] = value;
    CHECK_FALSE(is_same(other));
  }
  copy = message;
  copy["ops"][0]["value"] = 2;
  CHECK_FALSE(is_same(copy));
}

TEST_CASE("history_stamps_decide_what_an_undo_can_reach") {
  Written written;
  written.take(node_message());
  written.take(set_message(2, 2, "p", 7));
  const MessageIndex undo =
      written.take(message_of("b", 1, 5, 105, json::array({meta_op("meta.undo", "a:2")})));
  CHECK_FALSE(written.node("n").contains("p"));
  written.history.stamp(undo, 3, 2);
  written.history.check();
  CHECK(written.node("n")["p"] == 7);
  written.history.stamp(undo, 3, 1);
  CHECK_FALSE(written.node("n").contains("p"));
}

TEST_CASE("history_pending_edits_are_seen_and_not_counted") {
  Written written;
  written.take(node_message());
  History& history = written.history;
  const Hash before = history.digest();
  const NameId client = history.messages().clients().find("a");
  history.open_pending(client, 2, 50);
  add_pending(history, node_op("node.insert", "n", {{"key", "m"}}));
  add_pending(history, op_on("number.set", "p", 4));
  CHECK(written.node("m")["_crdt"]["clock"] == json{{"a", 2}});
  CHECK(written.node("n")["_crdt"]["lww"]["p"]["lt"] == 2);
  history.set_clock(client, 4);
  history.renumber_pending();
  CHECK(written.node("m")["_crdt"]["clock"] == json{{"a", 5}});
  history.set_pending_lt(9);
  history.tell_pending();
  CHECK(written.node("n")["_crdt"]["lww"]["p"]["lt"] == 9);
  CHECK(history.digest() == before);
  CHECK(history.in_order().size() == 1);
  history.drop_pending();
  history.check();
  CHECK_FALSE(written.graph()["nodes"].contains("m"));
  CHECK_FALSE(history.has_pending());
}

TEST_CASE("history_tells_what_became_of_messages_when_it_is_watched") {
  Written written;
  History& history = written.history;
  history.watch();
  written.take(node_message());
  const MessageIndex set = written.take(set_message(2, 2, "p", 7));
  CHECK(history.events().empty());
  written.take(message_of("b", 1, 5, 105, json::array({meta_op("meta.undo", "a:2")})));
  REQUIRE(history.events().size() == 1);
  CHECK(history.events()[0].kind == MessageEvent::Kind::Undone);
  CHECK(history.events()[0].id == "a:2");
  CHECK(history.events()[0].undone);
  CHECK(history.events()[0].number == 105);
  history.events().clear();
  history.move({{set, 8}});
  REQUIRE(history.events().size() == 1);
  CHECK(history.events()[0].kind == MessageEvent::Kind::Moved);
  CHECK(history.events()[0].number == 8);
  history.raise_line(6);
  REQUIRE(history.events().size() == 2);
  CHECK(history.events()[1].kind == MessageEvent::Kind::Folded);
  CHECK(history.events()[1].number == 6);
}

TEST_CASE("history_finds_the_messages_that_another_builds_on") {
  Written written;
  const json text = insert_on("a:0", nullptr, "ab"), more = insert_on("b:0", "a:1", "c");
  written.take(node_message());
  const MessageIndex first = written.take(message_of("a", 2, 2, 5, json::array({text})));
  const MessageIndex second = written.take(message_of("b", 1, 3, 5, json::array({more})));
  const MessageIndex third =
      written.take(message_of("b", 2, 4, 5, json::array({meta_op("meta.undo", "b:1")})));
  const auto references = [&](MessageIndex index) {
    std::vector<MessageIndex> found;
    written.history.for_each_reference(index, [&](MessageIndex used) { found.push_back(used); });
    return found;
  };
  CHECK(references(first).empty());
  CHECK(references(second) == std::vector<MessageIndex>{first});
  CHECK(references(third) == std::vector<MessageIndex>{second});
}

TEST_CASE("history_keeps_the_highest_lt_and_number_it_has_seen") {
  Written written;
  History& history = written.history;
  const MessageIndex index = written.take(set_message(7, 9, "p", 1));
  written.take(set_message(3, 4, "p", 1));
  const NameId a = history.messages().clients().find("a");
  CHECK(history.lt() == 9);
  CHECK(history.clock_of(a) == 7);
  CHECK(history.clock_of(a + 9) == 0);
  history.remove(index);
  CHECK(history.lt() == 9);
  history.see_lt(5);
  CHECK(history.lt() == 9);
  CHECK(history.folded_number(a) == 0);
}
