// Every ordered pair of op kinds, concurrent on one target, with undo and redo of each: in every
// order of delivery the same document, and the one that a fresh copy folds.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <string_view>
#include <vector>

#include "stores.hpp"
#include "tests/replicas/op_kinds.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

/// The two authors give different values, so that it shows who came last.
json value_of(const OpKind& kind, int who) {
  if (kind.payload == "number") return 2 + who;
  if (kind.payload == "string") return who ? "t" : "s";
  if (kind.payload == "boolean") return who == 0;
  if (kind.payload == "numbers3") return json::array({1, 2, 3 + who});
  if (kind.payload == "numbers4") return json::array({0, 0.5, 0.5, 1 + who});
  if (kind.payload == "array") return json::array({5, 6 + who});
  if (kind.payload == "object") return {{"both", who}, {who ? "right" : "left", 1}};
  if (kind.payload == "color") return who ? "#102030" : "#ff8000";
  if (kind.payload == "node")
    return {{"key", "n"}, {"p", 10 + who}, {"children", json::array({"leaf"})}};
  if (kind.payload == "key") return "n";
  if (kind.payload == "nodemove") return {{"nodeKey", "n"}, {"newParent", who ? "right" : "left"}};
  return who ? "two" : "one";
}

json op_of(const OpKind& kind, int who) {
  if (kind.family == "Meta") return meta_op(kind.name, "z:2");
  json op = {{"ot", kind.name}, {"key", "n"}, {"path", "p"}};
  if (kind.family == "Node") op["key"] = who ? "right" : "left";
  if (kind.payload == "move") {
    op["from"] = 0;
    op["to"] = 1 + who;
    return op;
  }
  if (kind.payload != "text" || kind.name != "text.delete") op["value"] = value_of(kind, who);
  if (kind.payload != "text" || kind.name == "text.init") return op;
  op["position"] = 1 + who;
  if (kind.name != "text.insert") op["length"] = 2;
  return op;
}

/// What both have before: the target as a value, as a text, or not at all.
std::vector<Bytes> ground(int variant) {
  const auto child = [](const char* key) {
    return json{{"ot", "node.insert"},
                {"key", "scene"},
                {"path", "children"},
                {"value", {{"key", key}, {"p", json::array({1, 2, 3})}}}};
  };
  json second = json::array({child("n")});
  if (variant == 0) second = json::array();
  if (variant == 2)
    second.push_back({{"ot", "text.init"}, {"key", "n"}, {"path", "p"}, {"value", "ground"}});
  return {msgpack_of(
              message_of("z", 1, 1, 5, json::array({scene_op(), child("left"), child("right")}))),
          msgpack_of(message_of("z", 2, 2, 6, second))};
}

/// The op, its undo and its redo, as one author sends them without hearing of the other.
std::vector<Bytes> written_by(Store& store, const json& op) {
  commit(store, op);
  REQUIRE(store.undo(110).ok());
  REQUIRE(store.redo(120).ok());
  return split_messages(store.unacked());
}

class Pair {
 public:
  Pair(int variant, const OpKind& first, const OpKind& second)
      : ground_(ground(variant)), left_("a"), right_("b") {
    for (const Bytes& message : ground_) {
      REQUIRE(left_.receive(ByteSpan(message)).ok());
      REQUIRE(right_.receive(ByteSpan(message)).ok());
    }
    sent_[0] = written_by(left_, op_of(first, 0));
    sent_[1] = written_by(right_, op_of(second, 1));
  }

  void check() {
    std::vector<int> turns(sent_[0].size(), 0);
    turns.resize(sent_[0].size() + sent_[1].size(), 1);
    do interleave(turns);
    while (std::next_permutation(turns.begin(), turns.end()));
    backwards();
    for (const Bytes& message : sent_[1]) REQUIRE(left_.receive(ByteSpan(message)).ok());
    for (const Bytes& message : sent_[0]) REQUIRE(right_.receive(ByteSpan(message)).ok());
    const Hash all = digests_.at({sent_[0].size(), sent_[1].size()});
    REQUIRE(left_.digest() == all);
    REQUIRE(right_.digest() == all);
    left_.check();
    right_.check();
    fold_again(all);
  }

 private:
  void take(Document& document, const Bytes& message) {
    const auto received = document.receive(ByteSpan(message));
    if (!received.ok() || *received != Received::Applied) FAIL("a message was not taken");
  }

  /// Each author's messages in their order; what came must decide, not when.
  void interleave(const std::vector<int>& turns) {
    Document document;
    for (const Bytes& message : ground_) take(document, message);
    std::array<std::size_t, 2> heard{0, 0};
    for (const int who : turns) {
      take(document, sent_[who][heard[who]++]);
      const Hash digest = document.digest();
      const auto known = digests_.emplace(std::pair(heard[0], heard[1]), digest).first;
      if (known->second != digest) FAIL("after " << heard[0] << " and " << heard[1]);
    }
    document.check();
  }

  /// Redo before undo before the op before its ground.
  void backwards() {
    Document document;
    for (const auto& messages : sent_)
      for (auto message = messages.rbegin(); message != messages.rend(); ++message)
        take(document, *message);
    for (auto message = ground_.rbegin(); message != ground_.rend(); ++message)
      take(document, *message);
    document.check();
    REQUIRE(document.digest() == digests_.at({sent_[0].size(), sent_[1].size()}));
  }

  /// A copy that takes the journal of the one in total order, and one from its snapshot.
  void fold_again(const Hash& expected) {
    const Bytes journal = left_.document().journal();
    MsgReader reader{ByteSpan(journal)};
    std::uint32_t count = 0;
    REQUIRE(reader.read_array(count));
    Document rebuilt;
    REQUIRE(rebuilt.receive_all(ByteSpan(reader.position(), journal.data() + journal.size())).ok());
    REQUIRE(rebuilt.digest() == expected);
    REQUIRE(rebuilt.raise_line(static_cast<std::int64_t>(rebuilt.lt())).ok());
    const auto snapshot = rebuilt.snapshot();
    REQUIRE(snapshot.ok());
    Document loaded;
    REQUIRE(loaded.load(*snapshot).ok());
    REQUIRE(loaded.digest() == expected);
  }

  std::vector<Bytes> ground_;
  Store left_, right_;
  std::array<std::vector<Bytes>, 2> sent_;
  std::map<std::pair<std::size_t, std::size_t>, Hash> digests_;
};

}  // namespace

TEST_CASE("pairs_of_op_kinds_give_one_document_in_every_order_of_delivery") {
  for (int variant = 0; variant < 3; ++variant) {
    for (const OpKind& first : kOpKinds) {
      for (const OpKind& second : kOpKinds) {
        INFO("ground " << variant << ": " << first.name << " with " << second.name);
        Pair(variant, first, second).check();
      }
    }
  }
}
