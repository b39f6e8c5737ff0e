// Texts that are rebuilt from their ops: positions read at their place in the order, the text below
// the line, what folding keeps, and the splices a mirror gets.
#include <algorithm>

#include "history/parts.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

json type_at(std::int64_t position, const char* content) {
  return {{"ot", "text.insert"},
          {"key", "n"},
          {"path", "p"},
          {"value", content},
          {"position", position}};
}

json cut_at(std::int64_t position, std::int64_t length) {
  return {{"ot", "text.delete"},
          {"key", "n"},
          {"path", "p"},
          {"position", position},
          {"length", length}};
}

struct Page : Parts {
  TextId text;

  Page() {
    load_node("n");
    text = texts.text_of(slot("n", "p"));
  }
  Place add(const std::string& client, std::uint64_t lt, const json& op) {
    const Place place = put(client, lt, op);
    Place changed;
    REQUIRE(texts.add(text, place, op_at(place), changed));
    REQUIRE(changed.message != kNoMessage);
    check();
    return place;
  }
  void toggle(Place place) {
    messages[place.message].undone = !messages[place.message].undone;
    Place changed;
    texts.toggle(text, place, changed);
    check();
  }
  void fold(std::initializer_list<Place> places) {
    std::vector<std::uint8_t> is_folded(messages.capacity(), 0);
    for (const Place place : places) is_folded[place.message] = 1;
    texts.fold(is_folded);
    for (const Place place : places) messages.remove(place.message);
    check();
  }
  std::string shown() const { return texts.text(text); }
  std::string base() const {
    std::string out;
    texts.base_sequence(text).append_text(out);
    return out;
  }
};

/// Positions on a string: what every op reads is what the ops before it left.
std::string plain(const std::vector<std::pair<std::uint64_t, json>>& ops) {
  std::string text;
  for (const auto& [lt, op] : ops) {
    const auto size = static_cast<std::int64_t>(text.size());
    const std::int64_t at = std::clamp(op["position"].get<std::int64_t>(), std::int64_t{0}, size);
    if (op["ot"] == "text.insert") {
      text.insert(static_cast<std::size_t>(at), op["value"].get<std::string>());
    } else {
      text.erase(static_cast<std::size_t>(at), op["length"].get<std::size_t>());
    }
  }
  return text;
}

}  // namespace

TEST_CASE("texts_rebuilt_read_positions_at_their_place_in_the_order") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Page page;
    std::vector<std::pair<std::uint64_t, json>> ops;
    std::vector<std::uint64_t> free;
    for (std::uint64_t lt = 1; lt <= 25; ++lt) free.push_back(lt);
    while (!free.empty()) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(free.size()));
      const std::uint64_t lt = free[at];
      free.erase(free.begin() + static_cast<std::ptrdiff_t>(at));
      const std::int64_t position = static_cast<std::int64_t>(random.below(12)) - 1;
      constexpr const char* kContents[] = {"x", "yz", "qrs"};
      const json op = random.percent(70) ? type_at(position, random.pick(kContents))
                                         : cut_at(position, 1 + random.below(2));
      page.add(lt % 2 ? "a" : "b", lt, op);
      ops.emplace_back(lt, op);
      std::sort(ops.begin(), ops.end(),
                [](const auto& a, const auto& b) { return a.first < b.first; });
      REQUIRE(page.shown() == plain(ops));
    }
  }
}

TEST_CASE("texts_rebuilt_keep_undone_units_in_place_while_positions_are_read") {
  Page page;
  const Place first = page.add("a", 1, type_at(0, "abc"));
  const Place second = page.add("b", 2, type_at(1, "-"));
  CHECK(page.shown() == "a-bc");
  page.toggle(first);
  CHECK(page.shown() == "-");
  page.toggle(second);
  CHECK(page.shown() == "");
  page.toggle(first);
  CHECK(page.shown() == "abc");
  page.toggle(second);
  CHECK(page.shown() == "a-bc");
}

TEST_CASE("texts_rebuilt_let_an_undone_message_read_its_own_units") {
  Page page;
  const MessageIndex index =
      page.put_message(message_of("a", 1, 1, 5, json::array({type_at(0, "abc"), type_at(2, "-")})));
  MsgReader reader{page.messages[index].ops()};
  ByteSpan first;
  REQUIRE(reader.read_raw(first));
  for (const Place place :
       {Place{index, 0}, Place{index, static_cast<std::uint32_t>(first.size())}}) {
    Place changed;
    REQUIRE(page.texts.add(page.text, place, page.op_at(place), changed));
  }
  CHECK(page.shown() == "ab-c");
  page.messages[index].undone = true;
  Place changed;
  page.texts.toggle(page.text, Place{index, 0}, changed);
  CHECK(page.shown() == "");
  std::vector<UnitId> anchors;
  page.texts.sequence(page.text).for_each_run([&](const Run& run) {
    if (run.content == u"-") anchors.push_back(run.anchor);
  });
  REQUIRE(anchors.size() == 1);
  CHECK(anchors[0] == UnitId{page.messages.clients().find("a"), 1});
}

TEST_CASE("texts_rebuilt_after_a_removal_lose_its_units_and_take_its_waiting_ones_back") {
  Page page;
  const Place first = page.add("a", 1, type_at(0, "abc"));
  page.add("b", 2, type_at(1, "-"));
  page.texts.remove(page.text, first);
  std::vector<TextId> settled;
  page.texts.settle([&](TextId id) { settled.push_back(id); });
  page.messages.remove(first.message);
  page.check();
  CHECK(settled == std::vector<TextId>{page.text});
  CHECK(page.shown() == "-");
  page.texts.settle([&](TextId id) { settled.push_back(id); });
  CHECK(settled.size() == 1);
}

TEST_CASE("texts_base_leaves_out_what_lies_above_the_line") {
  Page page;
  const Place first = page.add("a", 1, type_at(0, "abcdef"));
  const Place cut = page.add("b", 2, cut_at(1, 1));
  CHECK(page.base() == "");
  CHECK_FALSE(page.texts.base_begun(page.text));
  page.fold({first, cut});
  CHECK(page.shown() == "acdef");
  CHECK(page.base() == "acdef");
  CHECK(page.texts.base_begun(page.text));
  CHECK(page.texts.base_removed(page.text).size() == 1);
  const Place typed = page.add("b", 5, type_at(2, "XY"));
  page.add("b", 6, cut_at(0, 1));
  CHECK(page.shown() == "cXYdef");
  CHECK(page.base() == "acdef");
  const Place early = page.add("a", 4, type_at(0, ">"));
  CHECK(page.shown() == "aXYcdef");  // the positions behind it read its unit too
  page.toggle(early);
  CHECK(page.shown() == "cXYdef");
  page.toggle(typed);
  CHECK(page.shown() == "cdef");
  CHECK(page.base() == "acdef");
}

TEST_CASE("texts_folded_deletions_hold_for_units_that_come_later") {
  Page page;
  const json cut = {{"ot", "text.delete"},
                    {"key", "n"},
                    {"path", "p"},
                    {"rm", json::array({json::array({"a:1", 2})})}};
  const Place removal = page.put("b", 1, cut);
  Place changed;
  REQUIRE(page.texts.add(page.text, removal, page.op_at(removal), changed));
  page.fold({removal});
  CHECK_FALSE(page.texts.base_begun(page.text));
  const json insert = {
      {"ot", "text.insert"}, {"key", "n"}, {"path", "p"},
      {"id", "a:0"},         {"seq", 1},   {"value", json::array({nullptr, "abcd"})}};
  page.add("a", 4, insert);
  CHECK(page.shown() == "ad");
  page.add("b", 3, type_at(0, "x"));
  CHECK(page.shown().size() == 3);
  CHECK(page.base() == "");
}

TEST_CASE("texts_renew_gives_positions_the_message_s_new_ts") {
  Page page;
  const Place place = page.add("a", 1, type_at(0, "ab"));
  const auto ts = [&] {
    double found = 0;
    page.texts.sequence(page.text).for_each_run([&](const Run& run) { found = run.ts; });
    return found;
  };
  CHECK(ts() == 101);
  page.messages[place.message].ts = 7;
  Place changed;
  page.texts.renew(page.text, place, changed);
  CHECK(changed == place);
  CHECK(ts() == 7);
}

TEST_CASE("texts_splices_lead_a_mirror_along_also_over_a_rebuild") {
  Page page;
  page.texts.watch();
  std::u16string mirror;
  const auto follow = [&] {
    Splice splice;
    bool whole = false;
    const bool changed = page.texts.take_splice(page.text, splice, whole);
    if (whole) mirror.clear();
    if (changed) mirror.replace(splice.at, splice.removed, splice.inserted);
    CHECK(std::string(mirror.begin(), mirror.end()) == page.shown());
    return whole;
  };
  page.add("a", 5, type_at(0, "abc"));
  CHECK(follow());
  CHECK_FALSE(follow());
  page.add("a", 6, type_at(3, "d"));
  CHECK_FALSE(follow());
  page.add("b", 1, type_at(0, "zz"));
  CHECK(follow());
  page.add("a", 7, cut_at(0, 2));
  CHECK_FALSE(follow());
}
