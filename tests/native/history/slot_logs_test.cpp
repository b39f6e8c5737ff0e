// The log of one property against the fold of its ops done anew each time: any arrival, undo,
// removal, and prefixes folded away.
#include "history/slot_logs.hpp"

#include <algorithm>

#include "base/utf.hpp"
#include "history/parts.hpp"
#include "ops/apply.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

/// One property of a living node, and what the law says it must be.
class Property {
 public:
  explicit Property(std::uint32_t seed) : random_(seed) {
    parts_.load_node("n");
    slot_ = parts_.slot("n", "p");
  }

  void step() {
    const std::uint32_t what = random_.below(100);
    if (what < 60 || places_.empty()) {
      enter();
    } else if (what < 75) {
      leave();
    } else if (what < 95) {
      toggle();
    } else {
      fold(random_.below(static_cast<std::uint32_t>(places_.size()) + 1));
    }
    compare();
  }

 private:
  json some_op() {
    switch (random_.below(6)) {
      case 0:
        return op_on("number.set", "p", random_.below(20));
      case 1:
        return op_on("number.add", "p", random_.below(5));
      case 2:
        return op_on("number.multiply", "p", random_.below(3));
      case 3:
        return op_on("array.push", "p", random_.below(3));
      case 4:
        return op_on("string.concat", "p", "x");
      default:
        return {{"ot", "array.move"}, {"key", "n"}, {"path", "p"}, {"from", 0}, {"to", 1}};
    }
  }

  void enter() {
    constexpr const char* kClients[] = {"a", "b", "\xef\xbd\x9e", "\xf0\x9f\x98\x80"};
    const std::uint64_t lt = line_ + 1 + random_.below(12);
    const Place place = parts_.put(random_.pick(kClients), lt, some_op());
    places_.push_back(place);
    parts_.slots.add(slot_, place, WriteKind::Property, parts_.op_at(place));
  }

  void leave() {
    const std::size_t at = random_.below(static_cast<std::uint32_t>(places_.size()));
    parts_.slots.remove(slot_, places_[at]);
    parts_.messages.remove(places_[at].message);
    places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void toggle() {
    const Place place = places_[random_.below(static_cast<std::uint32_t>(places_.size()))];
    MessageRecord& record = parts_.messages[place.message];
    record.undone = !record.undone;
    parts_.slots.replay(slot_, place);
  }

  /// The messages with the lowest lt, `count` or a few more.
  void fold(std::size_t count) {
    sort();
    const std::uint64_t line = count == 0 ? line_ : lt(places_[count - 1]);
    std::vector<std::uint8_t> is_folded(parts_.messages.capacity(), 0);
    std::size_t below = 0;
    for (; below < places_.size() && lt(places_[below]) <= line; ++below) {
      act(places_[below], base_, base_lww_);
      is_folded[places_[below].message] = 1;
    }
    parts_.slots.fold(slot_, is_folded);
    for (std::size_t i = 0; i < below; ++i) parts_.messages.remove(places_[i].message);
    places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(below));
    line_ = line;
  }

  using Lww = std::pair<std::uint64_t, NameId>;

  std::uint64_t lt(Place place) const { return parts_.messages[place.message].lt; }

  /// The order of the law, written down again.
  void sort() {
    const auto comes_first = [this](Place a, Place b) {
      const MessageRecord &x = parts_.messages[a.message], &y = parts_.messages[b.message];
      if (x.lt != y.lt) return x.lt < y.lt;
      const auto name = [this](const MessageRecord& record) {
        std::u16string units;
        append_utf16(parts_.messages.clients().view(record.client), units);
        return units;
      };
      return x.client != y.client ? name(x) < name(y) : x.id() < y.id();
    };
    std::sort(places_.begin(), places_.end(), comes_first);
  }

  void act(Place place, Value& value, Lww& lww) const {
    const MessageRecord& record = parts_.messages[place.message];
    if (record.undone) return;
    const Operation op = parts_.op_at(place);
    if (op.family == OpFamily::Set) {
      value = op.value;
      lww = {record.lt, record.client};
      return;
    }
    const Value after = apply_property_op(op, value);
    if (!after.is_missing()) value = after;
  }

  void compare() {
    parts_.check();
    sort();
    Value value = base_;
    Lww lww = base_lww_;
    for (const Place place : places_) act(place, value, lww);
    const Slot& slot = parts_.graph.slot(slot_);
    REQUIRE(shown(slot.value) == shown(value));
    REQUIRE(shown(parts_.slots.base_value(slot)) == shown(base_));
    const SlotLogs::Entry entry = parts_.slots.lww(slot);
    REQUIRE(entry.client == lww.second);
    if (entry.client != kNoName) REQUIRE(entry.lt == lww.first);
    REQUIRE(parts_.slots.base_lww(slot).client == base_lww_.second);
  }

  Parts parts_;
  Random random_;
  SlotId slot_ = kNone;
  std::vector<Place> places_;
  Value base_;
  Lww base_lww_{0, kNoName};
  std::uint64_t line_ = 0;
};

/// Enters the op where the tree stands.
Place write(Parts& parts, SlotId slot, std::uint64_t lt, const json& op,
            WriteKind kind = WriteKind::Property) {
  const Place place = parts.put("a", lt, op);
  parts.slots.add(slot, place, kind, parts.op_at(place));
  return place;
}

Place grow(Parts& parts, std::uint64_t lt, const char* ot, json value) {
  const json op = {{"ot", ot}, {"key", ""}, {"path", "children"}, {"value", std::move(value)}};
  TreeEntry entry;
  entry.place = parts.put("a", lt, op);
  REQUIRE(parts.tree.parse(parts.op_at(entry.place), entry));
  parts.tree.add(entry);
  for (const auto& change : parts.tree.take_changes()) {
    parts.slots.replay_node(change.node, change.place);
  }
  return entry.place;
}

}  // namespace

TEST_CASE("slot_logs_equal_the_fold_after_every_step") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Property property(seed);
    for (int step = 0; step < 120; ++step) {
      INFO("step " << step);
      property.step();
    }
  }
}

TEST_CASE("slot_logs_write_only_while_the_node_lives") {
  Parts parts;
  const SlotId slot = parts.slot("n", "p");
  const auto value = [&] { return shown(parts.graph.slot(slot).value); };
  write(parts, slot, 1, op_on("number.add", "p", 1));
  CHECK(value() == "(missing)");
  grow(parts, 2, "node.insert", {{"key", "n"}});
  write(parts, slot, 3, op_on("number.add", "p", 10));
  write(parts, slot, 5, op_on("number.add", "p", 100));
  CHECK(value() == 110);
  const Place removal = grow(parts, 4, "node.remove", "n");
  CHECK(value() == 10);
  parts.check();
  parts.tree.remove(removal);
  for (const auto& change : parts.tree.take_changes()) {
    CHECK(change.node == parts.graph.find_node("n"));
    parts.slots.replay_node(change.node, change.place);
  }
  CHECK(value() == 110);
  grow(parts, 0, "node.insert", {{"key", "n"}});
  CHECK(value() == 111);
  parts.check();
}

TEST_CASE("slot_logs_give_a_new_node_its_properties_and_merge_into_a_known_one") {
  Parts parts;
  const SlotId p = parts.slot("n", "p"), tag = parts.slot("n", "tag");
  const auto give = [&](std::uint64_t lt, const char* ot, json value) {
    value["key"] = "n";
    const Place place = grow(parts, lt, ot, value);
    const Operation op = parts.op_at(place);
    for (const SlotId slot : {p, tag}) parts.slots.add(slot, place, WriteKind::Given, op);
    parts.check();
    return shown(parts.graph.slot(p).value);
  };
  CHECK(give(2, "node.insert", {{"p", {{"a", 1}}}}) == json{{"a", 1}});
  CHECK(shown(parts.graph.slot(tag).value) == "");
  CHECK(give(3, "node.insert", {{"p", 9}}) == json{{"a", 1}});
  CHECK(give(4, "node.upsert", {{"p", {{"b", 2}}}}) == json{{"a", 1}, {"b", 2}});
  CHECK(give(5, "node.upsert", {{"tag", "Box"}}) == json{{"a", 1}, {"b", 2}});
  CHECK(shown(parts.graph.slot(tag).value) == "Box");
  CHECK(parts.slots.lww(parts.graph.slot(p)).client == kNoName);
  CHECK(give(6, "node.inset", {{"p", {{"c", 3}}}}) == json{{"c", 3}});
  CHECK(parts.slots.lww(parts.graph.slot(p)).lt == 6);
  // Earlier than all: it creates the node, and the insert behind it has no effect any more.
  CHECK(give(1, "node.upsert", {{"p", 7}}) == json{{"c", 3}});
  CHECK(shown(parts.slots.base_value(parts.graph.slot(p))) == "(missing)");
}

TEST_CASE("slot_logs_take_a_member_of_a_merge_where_it_is_given") {
  Parts parts;
  parts.load_node("n");
  const SlotId slot = parts.slot("n", "p");
  write(parts, slot, 1, op_on("object.merge", ".", {{"p", 5}, {"q", 6}}), WriteKind::Member);
  CHECK(shown(parts.graph.slot(slot).value) == 5);
  CHECK(parts.slots.lww(parts.graph.slot(slot)).client == kNoName);
}

TEST_CASE("slot_logs_compare_a_set_with_the_last_writer_of_the_snapshot") {
  Parts parts;
  parts.load_node("n");
  const SlotId slot = parts.slot("n", "p");
  parts.graph.slot(slot).value = Value::number(1);
  parts.graph.slot(slot).lww_lt = 5;
  parts.graph.slot(slot).lww_client = parts.messages.clients().intern("m");
  const auto set = [&](const char* client, std::uint64_t lt, int value) {
    const Place place = parts.put(client, lt, op_on("number.set", "p", value));
    parts.slots.add(slot, place, WriteKind::Property, parts.op_at(place));
    const json after = shown(parts.graph.slot(slot).value);
    parts.slots.remove(slot, place);
    CHECK(shown(parts.graph.slot(slot).value) == 1);
    return after;
  };
  CHECK(set("z", 4, 2) == 1);
  CHECK(set("a", 5, 2) == 1);
  CHECK(set("m", 5, 2) == 2);
  CHECK(set("z", 5, 2) == 2);
  CHECK(set("a", 6, 2) == 2);
  write(parts, slot, 4, op_on("number.add", "p", 3));
  CHECK(shown(parts.graph.slot(slot).value) == 4);
}

TEST_CASE("slot_logs_show_a_text_until_another_op_writes") {
  Parts parts;
  parts.load_node("n");
  const SlotId slot = parts.slot("n", "p");
  const TextId text = parts.texts.text_of(slot);
  const auto type = [&](std::uint64_t lt, const char* id, const char* content) {
    const json op = {{"ot", "text.insert"}, {"key", "n"},
                     {"path", "p"},         {"id", id},
                     {"seq", lt},           {"value", json::array({nullptr, content})}};
    const Place place = parts.put("a", lt, op);
    Place changed;
    REQUIRE(parts.texts.add(text, place, parts.op_at(place), changed));
    REQUIRE(changed.message != kNoMessage);
    parts.slots.text_changed(slot, changed);
    parts.check();
  };
  const Slot& p = parts.graph.slot(slot);
  write(parts, slot, 1, op_on("string.set", "p", "plain"));
  CHECK_FALSE(p.textual);
  type(3, "a:0", "text");
  CHECK(p.textual);
  write(parts, slot, 5, op_on("string.concat", "p", "!"));
  CHECK_FALSE(p.textual);
  CHECK(shown(p.value) == "text!");
  write(parts, slot, 2, op_on("string.set", "p", "late"));
  CHECK(shown(p.value) == "text!");
  type(4, "a:9", "my ");
  CHECK(shown(p.value) == "my text!");
  type(6, "a:20", "");
  CHECK(p.textual);
}

TEST_CASE("member_of_finds_a_member_and_says_when_there_is_none") {
  Parts parts;
  const Place place = parts.put("a", 1, op_on("object.set", "p", {{"a", nullptr}, {"b", "x"}}));
  const Value object = parts.op_at(place).value;
  CHECK(shown(member_of(object, "a")).is_null());
  CHECK(shown(member_of(object, "b")) == "x");
  CHECK(member_of(object, "c").is_missing());
  CHECK(member_of(object, "").is_missing());
}
