// The table of messages against a plain list: the total order, ids found again, cells and bytes
// that are given out anew.
#include "model/messages.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "base/utf.hpp"
#include "json_messages.hpp"
#include "tests/replicas/random.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

struct Known {
  MessageIndex index;
  std::string id;
  std::string client;
  std::uint64_t lt;
  bool pending = false;
};

std::u16string units_of(const std::string& text) {
  std::u16string units;
  append_utf16(text, units);
  return units;
}

bool comes_first(const Known& a, const Known& b) {
  if (a.pending != b.pending) return b.pending;
  if (a.lt != b.lt) return a.lt < b.lt;
  if (a.client != b.client) return units_of(a.client) < units_of(b.client);
  return units_of(a.id) < units_of(b.id);
}

const Bytes kOneOp = msgpack_of(json::array({{{"ot", "number.set"}, {"value", 1}}}));

MessageIndex add(Messages& messages, const std::string& id, const std::string& client,
                 std::uint64_t lt) {
  MessageView view;
  view.id = id;
  view.client = client;
  view.lt = lt;
  view.op_count = 1;
  view.clock.emplace_back(client, 300);
  view.ops = kOneOp;
  return messages.add(view);
}

class Table {
 public:
  explicit Table(std::uint32_t seed) : random_(seed) {}

  void step() {
    const std::uint32_t what = random_.below(100);
    if (what < 45 || known_.empty()) {
      enter();
    } else if (what < 75) {
      leave();
    } else if (what < 85) {
      reorder();
    } else if (what < 90) {
      for (std::size_t i = known_.size(); i > 0; --i) drop(i - 1);
    } else {
      pend();
    }
    compare();
  }

 private:
  std::size_t some() { return random_.below(static_cast<std::uint32_t>(known_.size())); }

  void enter() {
    constexpr const char* kClients[] = {"a", "b", "\xef\xbd\x9e", "\xf0\x9f\x98\x80"};
    const std::string client = random_.pick(kClients), id = "m" + std::to_string(++written_);
    const std::uint64_t lt = random_.below(20);
    known_.push_back({add(messages_, id, client, lt), id, client, lt});
  }
  void drop(std::size_t at) {
    messages_.remove(known_[at].index);
    if (!known_[at].pending) CHECK(messages_.find(known_[at].id) == kNoMessage);
    known_.erase(known_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  void leave() { drop(some()); }
  void reorder() {
    Known& message = known_[some()];
    if (message.pending) return;
    message.lt = random_.below(20);
    messages_.reorder(message.index, message.lt);
  }
  /// Opens the pending message, or closes it with a place of its own.
  void pend() {
    const auto open = std::find_if(known_.begin(), known_.end(),
                                   [](const Known& message) { return message.pending; });
    const NameId client = messages_.clients().intern("b");
    if (open == known_.end()) {
      known_.push_back({messages_.open_pending(client), "", "b", 0, true});
      return;
    }
    open->id = "m" + std::to_string(++written_);
    open->lt = random_.below(30);
    open->pending = false;
    MessageView view;
    view.id = open->id;
    view.client = "b";
    view.lt = open->lt;
    view.op_count = 1;
    view.ops = kOneOp;
    messages_.close_pending(open->index, view);
  }

  void compare() {
    std::uint32_t committed = 0;
    for (const Known& a : known_) {
      committed += !a.pending;
      if (!a.pending) REQUIRE(messages_.find(a.id) == a.index);
      REQUIRE(messages_[a.index].live);
      for (const Known& b : known_) {
        INFO(a.id << " lt " << a.lt << " and " << b.id << " lt " << b.lt);
        const Place x{a.index, 0}, y{b.index, 0};
        REQUIRE(messages_.before(x, y) == comes_first(a, b));
        REQUIRE((messages_.compare(x, y) < 0) == comes_first(a, b));
      }
    }
    REQUIRE(messages_.count() == committed);
  }

  Messages messages_;
  Random random_;
  std::vector<Known> known_;
  std::uint64_t written_ = 0;
};

}  // namespace

TEST_CASE("messages_keep_the_total_order_through_every_change", "[model]") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Table table(seed);
    for (int step = 0; step < 150; ++step) {
      INFO("step " << step);
      table.step();
    }
  }
}

TEST_CASE("messages_order_anew_after_the_last_one_went", "[model]") {
  Messages messages;
  messages.remove(add(messages, "high", "a", 20));
  const MessageIndex first = add(messages, "first", "a", 3),
                     second = add(messages, "second", "a", 5);
  CHECK(messages.before(Place{first, 0}, Place{second, 0}));
  CHECK_FALSE(messages.before(Place{second, 0}, Place{first, 0}));
}

TEST_CASE("messages_order_ops_of_one_message_by_their_offset", "[model]") {
  Messages messages;
  const MessageIndex index = add(messages, "m", "a", 1);
  CHECK(messages.before(Place{index, 0}, Place{index, 7}));
  CHECK_FALSE(messages.before(Place{index, 7}, Place{index, 7}));
  CHECK(messages.compare(Place{index, 9}, Place{index, 7}) > 0);
}

TEST_CASE("messages_are_written_as_they_came_with_what_the_server_said", "[model]") {
  Messages messages;
  const MessageIndex index = add(messages, "m", "a", 4);
  const auto written = [&] {
    Bytes out;
    messages.encode(index, out);
    return json_of(out);
  };
  const json op = {{"ot", "number.set"}, {"value", 1}};
  json expected = {{"id", "m"}, {"client", "a"}, {"clock", {{"a", 300}}},
                   {"lt", 4},   {"ts", 0},       {"ops", json::array({op})}};
  CHECK(written() == expected);
  messages[index].server_seq = 9;
  messages[index].stable = 0;
  expected["serverSeq"] = 9;
  expected["stable"] = 0;
  CHECK(written() == expected);
  messages.reorder(index, 7);
  CHECK(written() == expected);  // only its place in the order moved
  messages.renumber(index, 2);
  expected["clock"]["a"] = 2;
  CHECK(written() == expected);
  CHECK(messages[index].own_number == 2);
}

TEST_CASE("messages_keep_their_bytes_when_cells_are_used_again", "[model]") {
  Messages messages;
  std::vector<MessageIndex> kept;
  const std::string filler(200, 'x');
  for (int i = 0; i < 3000; ++i) {
    const MessageIndex index = add(messages, filler + std::to_string(i), "a", 1);
    if (i % 10 == 0) {
      kept.push_back(index);
    } else {
      messages.remove(index);
    }
  }
  CHECK(messages.capacity() <= 301);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CHECK(messages[kept[i]].id() == filler + std::to_string(i * 10));
    CHECK(messages.find(filler + std::to_string(i * 10)) == kept[i]);
  }
}
