// Texts against the law's tree of units done slowly: resolved ops in any order, undone, taken out;
// ids claimed twice, inserts that wait.
#include "history/texts.hpp"

#include <algorithm>
#include <map>

#include "history/parts.hpp"
#include "text/text_reference.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json delete_op(const std::string& id, std::uint64_t length) {
  return {{"ot", "text.delete"},
          {"key", "n"},
          {"path", "t"},
          {"rm", json::array({json::array({id, length})})}};
}

/// The text "t" of a living node.
struct Page : Parts {
  SlotId id_of_slot;
  TextId text;

  Page() {
    load_node("n");
    id_of_slot = slot("n", "t");
    text = texts.text_of(id_of_slot);
  }
  bool enter(Place place, Place* changed = nullptr) {
    Place from;
    const bool entered = texts.add(text, place, op_at(place), from);
    if (changed) *changed = from;
    return entered;
  }
  Place add(const std::string& client, std::uint64_t lt, const json& op) {
    const Place place = put(client, lt, op);
    REQUIRE(enter(place));
    texts.check();
    return place;
  }
  Place toggle(Place place) {
    messages[place.message].undone = !messages[place.message].undone;
    Place changed;
    texts.toggle(text, place, changed);
    return changed;
  }
  void take_out(Place place) {
    texts.remove(text, place);
    texts.settle([](TextId) {});
    messages.remove(place.message);
    texts.check();
  }
  std::string shown() const { return texts.text(text); }
};

class Typing {
 public:
  explicit Typing(std::uint32_t seed) : random_(seed) {}

  void step() {
    const std::uint32_t what = random_.below(100);
    if (what < 65 || known_.empty()) {
      enter();
    } else if (what < 90) {
      page_.toggle(some().place);
    } else {
      const std::size_t at = random_.below(static_cast<std::uint32_t>(known_.size()));
      page_.take_out(known_[at].place);
      known_.erase(known_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    compare();
  }

 private:
  struct Known {
    Place place;
    json op;
  };
  Known& some() { return known_[random_.below(static_cast<std::uint32_t>(known_.size()))]; }

  std::string unit() {
    constexpr const char* kClients[] = {"a", "b", "b:1"};
    return random_.pick(kClients) + (":" + std::to_string(random_.below(12)));
  }

  /// Ids are never claimed twice here, and anchors may be unknown for good.
  void enter() {
    constexpr const char* kClients[] = {"a", "b", "b:1"};
    constexpr const char* kContents[] = {"x", "yz", "qrs"};
    const std::string client = random_.pick(kClients);
    json op = delete_op(unit(), 1 + random_.below(3));
    if (random_.percent(70)) {
      const char* content = random_.pick(kContents);
      const std::string id = client + ":" + std::to_string(next_[client]);
      next_[client] += std::char_traits<char>::length(content);
      op = insert_on(id, random_.percent(20) ? json(nullptr) : json(unit()), content,
                     random_.below(4));
    }
    known_.push_back({page_.add(client, 1 + random_.below(30), op), op});
  }

  UnitId unit_of(const json& id) {
    UnitId unit;
    if (!id.is_null()) REQUIRE(parse_id(id.get<std::string>(), page_.messages.clients(), unit));
    return unit;
  }

  void compare() {
    page_.check();
    text_reference::Reference reference(page_.messages.clients());
    for (const Known& known : known_) {
      const bool undone = page_.messages[known.place.message].undone;
      const bool inserts = known.op.contains("value");
      REQUIRE(page_.texts.holds(page_.text, known.place));
      REQUIRE(page_.texts.is_valid(page_.text, known.place));
      if (inserts) {
        const std::string content = known.op["value"][1];
        reference.writes.push_back({unit_of(known.op["id"]), unit_of(known.op["value"][0]),
                                    known.op["seq"].get<std::uint64_t>(), 0.0,
                                    std::u16string(content.begin(), content.end()), undone});
        const UnitId first = reference.writes.back().first;
        REQUIRE(page_.texts.author_of(page_.text, first) == known.place.message);
        const auto units = page_.texts.units_of(page_.text, last_message());
        if (known.place.message == last_message()) {
          REQUIRE(units.size() == 1);
          REQUIRE(units[0].length == content.size());
        }
      } else if (!undone) {
        const UnitId first = unit_of(known.op["rm"][0][0]);
        reference.deletes.push_back(
            {first.agent, first.n, known.op["rm"][0][1].get<std::uint64_t>()});
      }
    }
    std::u16string expected;
    const auto order = reference.in_order();
    for (const auto& unit : order)
      if (unit.visible) expected += unit.write->content[unit.index];
    REQUIRE(page_.shown() == std::string(expected.begin(), expected.end()));
    REQUIRE(page_.texts.sequence(page_.text).unit_count() == order.size());
  }

  /// The message at the end of the order.
  MessageIndex last_message() const {
    Place last = known_.front().place;
    for (const Known& known : known_)
      if (page_.messages.before(last, known.place)) last = known.place;
    return last.message;
  }

  Page page_;
  Random random_;
  std::vector<Known> known_;
  std::map<std::string, std::uint64_t> next_;
};

}  // namespace

TEST_CASE("texts_equal_the_tree_of_units_after_every_step") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Typing typing(seed);
    for (int step = 0; step < 60; ++step) {
      INFO("step " << step);
      typing.step();
    }
  }
}

TEST_CASE("texts_leave_ids_to_the_first_claim_in_total_order") {
  for (const bool late_first : {false, true}) {
    INFO("late first " << late_first);
    Page page;
    const auto early = [&] { return page.add("a", 1, insert_on("a:0", nullptr, "one")); };
    const auto late = [&] { return page.add("a", 2, insert_on("a:2", nullptr, "two")); };
    Place second = late_first ? late() : Place{};
    const Place first = early();
    if (!late_first) second = late();
    CHECK(page.texts.take_conflict());
    CHECK_FALSE(page.texts.take_conflict());
    CHECK(page.shown() == "one");
    CHECK(page.texts.is_valid(page.text, first));
    CHECK_FALSE(page.texts.is_valid(page.text, second));
    page.toggle(first);
    CHECK(page.shown() == "");  // undone ones claim their ids too
    CHECK_FALSE(page.texts.is_valid(page.text, second));
    page.take_out(first);
    CHECK(page.shown() == "two");
    CHECK(page.texts.is_valid(page.text, second));
  }
}

TEST_CASE("texts_refuse_ops_that_are_malformed_or_speak_for_others") {
  Page page;
  page.add("a", 1, insert_on("a:0", nullptr, "one"));
  json broken = insert_on("a:3", nullptr, "x");
  broken["seq"] = 1.5;
  for (const json& op : {broken, insert_on("b:0", nullptr, "x"), insert_on("a", nullptr, "x")}) {
    INFO(op.dump());
    const Place place = page.put("a", 2, op);
    Place changed;
    CHECK_FALSE(page.enter(place, &changed));
    CHECK(changed.message == kNoMessage);
    CHECK_FALSE(page.texts.holds(page.text, place));
    CHECK_FALSE(page.texts.is_valid(page.text, place));
    CHECK(page.shown() == "one");
    page.check();
  }
}

TEST_CASE("texts_tell_from_which_place_on_the_text_differs") {
  Page page;
  const Place base = page.add("a", 5, insert_on("a:0", nullptr, "abc"));
  Place changed;
  const Place waits = page.put("b", 3, insert_on("b:0", "c:0", "W"));
  REQUIRE(page.enter(waits, &changed));
  CHECK(page.texts.waiting_count() == 1);
  CHECK(page.shown() == "abc");
  const Place anchor = page.put("c", 8, insert_on("c:0", "a:2", "-", 2));
  REQUIRE(page.enter(anchor, &changed));
  CHECK(changed == waits);
  CHECK(page.texts.waiting_count() == 0);
  CHECK(page.shown() == "abc-W");
  CHECK(page.toggle(base) == base);
  CHECK(page.shown() == "-W");
  const Place foreign = page.put("a", 9, op_on("number.set", "t", 1));
  CHECK(page.toggle(foreign).message == kNoMessage);
  page.messages.remove(foreign.message);
  CHECK(page.texts.text_before(page.text, waits) == "");
  CHECK(page.texts.text_before(page.text, anchor) == "");
  page.toggle(base);
  CHECK(page.texts.text_before(page.text, anchor) == "abc");
  page.check();
}

TEST_CASE("texts_begin_with_an_insert_that_takes_effect_at_its_place") {
  Page page;
  const auto shows = [&] { return page.texts.shows_between(page.text, Place{}, Place{}); };
  const Place removal = page.add("b", 1, delete_op("a:0", 1));
  CHECK_FALSE(shows());
  const Place insert = page.add("a", 3, insert_on("a:0", nullptr, "xy"));
  CHECK(shows());
  CHECK(page.shown() == "y");
  CHECK(page.texts.has_after(page.text, removal));
  CHECK_FALSE(page.texts.has_after(page.text, insert));
  CHECK_FALSE(page.texts.shows_between(page.text, insert, Place{}));
  CHECK_FALSE(page.texts.shows_between(page.text, Place{}, insert));
  const Place later = page.add("b", 4, delete_op("a:1", 1));
  CHECK(page.texts.shows_between(page.text, insert, Place{}));
  page.toggle(insert);
  CHECK_FALSE(shows());
  page.toggle(insert);
  page.toggle(later);
  CHECK_FALSE(page.texts.shows_between(page.text, insert, Place{}));
  page.graph.set_deleted(page.graph.find_node("n"), true, 9);
  CHECK_FALSE(shows());
}

TEST_CASE("texts_let_an_insert_that_waited_take_effect_where_its_anchor_is") {
  Page page;
  const Place waits = page.add("b", 3, insert_on("b:0", "c:0", "W"));
  const Place late = page.add("c", 8, insert_on("c:0", nullptr, "-", 2));
  CHECK_FALSE(page.texts.shows_between(page.text, Place{}, late));
  CHECK(page.texts.shows_between(page.text, waits, Place{}));
  page.take_out(late);
  const Place early = page.add("c", 1, insert_on("c:0", nullptr, "-", 2));
  CHECK(page.texts.shows_between(page.text, early, Place{}));
  CHECK(page.shown() == "-W");
}

TEST_CASE("texts_give_one_text_per_slot") {
  Page page;
  CHECK(page.texts.text_of(page.id_of_slot) == page.text);
  const TextId other = page.texts.text_of(page.slot("n", "q"));
  CHECK(other != page.text);
  CHECK(page.texts.count() == 2);
  CHECK(page.texts.slot_of(other) == page.slot("n", "q"));
}
