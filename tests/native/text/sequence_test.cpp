// Golden orders (reference-api, section 4.9) and the small promises of a Sequence, one by one.
#include "text/sequence.hpp"

#include <catch2/catch.hpp>

#include "text_reference.hpp"
#include "vuer_rtc/limits.hpp"

using namespace vuer_rtc;
using text_reference::Write;

namespace {

struct Text {
  Names names;
  Sequence sequence{names};

  UnitId id(const char* agent, std::uint64_t n) { return {names.intern(agent), n}; }
  void insert(UnitId first, UnitId anchor, std::u16string_view content, std::uint64_t seq,
              double ts, std::vector<UnitId>* placed = nullptr) {
    sequence.insert({first, anchor, seq, ts, content, false}, placed);
    sequence.check();
  }
  std::string text() const {
    std::string utf8;
    sequence.append_text(utf8);
    return utf8;
  }
  std::size_t run_count() const {
    std::size_t count = 0;
    sequence.for_each_run([&](const Run&) { ++count; });
    return count;
  }
};

struct Golden {
  const char* agent;
  std::uint64_t n;
  const char* anchor_agent;
  std::uint64_t anchor_n;
  const char16_t* content;
  std::uint64_t seq;
  double ts;
};

std::string golden_text(const std::vector<Golden>& writes) {
  Text text;
  for (const Golden& w : writes) {
    const UnitId anchor = w.anchor_agent ? text.id(w.anchor_agent, w.anchor_n) : UnitId{};
    text.insert(text.id(w.agent, w.n), anchor, w.content, w.seq, w.ts);
  }
  return text.text();
}

/// Every order of arrival gives the same text.
void check_golden(std::vector<Golden> writes, const std::string& expected) {
  std::vector<std::size_t> order(writes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  do {
    std::vector<Golden> arrival;
    for (const std::size_t i : order) arrival.push_back(writes[i]);
    CHECK(golden_text(arrival) == expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace

TEST_CASE("sequence_orders_siblings_as_the_golden_table_says") {
  check_golden({{"a", 0, nullptr, 0, u"A", 1, 1}, {"b", 0, nullptr, 0, u"B", 2, 2}}, "BA");
  check_golden({{"a", 0, nullptr, 0, u"A", 1, 2}, {"b", 0, nullptr, 0, u"B", 1, 1}}, "BA");
  check_golden({{"a", 0, nullptr, 0, u"A", 1, 1}, {"b", 0, nullptr, 0, u"B", 1, 1}}, "AB");
  check_golden({{"a", 0, nullptr, 0, u"A", 1, 1}, {"a1", 0, nullptr, 0, u"C", 1, 1}}, "CA");
  check_golden({{"a", 9, nullptr, 0, u"A", 1, 1}, {"a", 10, nullptr, 0, u"C", 1, 1}}, "AC");
}

TEST_CASE("sequence_orders_nested_inserts_as_the_golden_table_says") {
  check_golden({{"a", 0, nullptr, 0, u"abcd", 1, 1}, {"b", 0, "a", 1, u"XY", 2, 2}}, "abXYcd");
  check_golden({{"a", 0, nullptr, 0, u"ab", 1, 1},
                {"b", 0, "a", 0, u"X", 2, 2},
                {"c", 0, "a", 0, u"Y", 2, 3}},
               "aXYb");
  check_golden({{"a", 0, nullptr, 0, u"ab", 1, 1},
                {"b", 0, "a", 0, u"1", 2, 2},
                {"c", 0, "a", 0, u"x", 5, 3}},
               "ax1b");
  check_golden({{"a", 0, nullptr, 0, u"ab", 1, 1},
                {"b", 0, "a", 0, u"1", 2, 2},
                {"c", 0, "a", 0, u"x", 2, 3},
                {"b", 1, "b", 0, u"2", 3, 4},
                {"c", 1, "c", 0, u"y", 3, 5},
                {"b", 2, "b", 1, u"3", 4, 6}},
               "a123xyb");
  check_golden({{"a", 0, nullptr, 0, u"abc", 1, 1},
                {"b", 0, "a", 2, u"!", 2, 2},
                {"c", 0, "a", 0, u"?", 3, 3}},
               "a?bc!");
}

TEST_CASE("sequence_keeps_inserts_waiting_until_their_anchor_arrives") {
  Text text;
  const UnitId a = text.id("a", 0), b = text.id("b", 5), c = text.id("c", 0);
  std::vector<UnitId> placed;
  text.insert(c, b, u"3", 3, 0, &placed);
  text.insert(b, text.id("a", 1), u"2", 2, 0, &placed);
  CHECK(placed.empty());
  CHECK(text.sequence.waiting_count() == 2);
  CHECK(text.sequence.is_claimed({b.agent, 5, 1}));
  CHECK_FALSE(text.sequence.is_placed(b));
  CHECK(text.sequence.highest_seq() == 3);
  CHECK(text.sequence.next_number(b.agent) == 6);
  text.insert(a, {}, u"ab", 1, 0, &placed);
  CHECK(placed == std::vector<UnitId>{a, b, c});
  CHECK(text.text() == "ab23");
  CHECK(text.sequence.waiting_count() == 0);
}

TEST_CASE("sequence_leaves_a_ring_of_anchors_waiting") {
  Text text;
  text.insert(text.id("a", 0), text.id("b", 0), u"x", 1, 0);
  text.insert(text.id("b", 0), text.id("a", 0), u"y", 1, 0);
  text.insert(text.id("c", 0), text.id("c", 1), u"zz", 1, 0);
  text.insert(text.id("d", 0), {}, u"ok", 1, 0);
  CHECK(text.text() == "ok");
  CHECK(text.sequence.waiting_count() == 3);
}

TEST_CASE("sequence_places_a_long_chain_of_waiting_inserts_without_recursion") {
  Text text;
  const std::uint64_t count = 200'000;
  const NameId agent = text.names.intern("a");
  for (std::uint64_t n = count; n-- > 1;) {
    text.sequence.insert({{agent, n}, {agent, n - 1}, n + 1, double(n % 3), u"x", false});
  }
  CHECK(text.sequence.visible_length() == 0);
  text.sequence.insert({{agent, 0}, {}, 1, 0, u"x", false});
  CHECK(text.sequence.visible_length() == count);
  text.sequence.check();
}

TEST_CASE("sequence_covers_units_that_are_not_there_yet") {
  Text text;
  const NameId a = text.names.intern("a");
  text.sequence.cover({a, 1, kMaxInteger});
  text.sequence.cover({a, 3, 2});
  text.insert({a, 0}, {}, u"abcdef", 1, 0);
  CHECK(text.text() == "a");
  text.sequence.uncover({a, 1, kMaxInteger});
  CHECK(text.text() == "abcf");
  text.sequence.uncover({a, 3, 2});
  CHECK(text.text() == "abcdef");
  text.sequence.check();
  CHECK(text.run_count() == 1);
}

TEST_CASE("sequence_keeps_undone_inserts_in_their_place") {
  Text text;
  const UnitId a = text.id("a", 0), b = text.id("b", 0);
  text.insert(a, {}, u"abc", 1, 0);
  text.insert(b, text.id("a", 1), u"-", 2, 0);
  text.sequence.set_undone({a.agent, 0, 3}, true);
  text.sequence.check();
  CHECK(text.text() == "-");
  CHECK(text.sequence.unit_count() == 4);
  text.sequence.set_undone({a.agent, 0, 3}, false);
  CHECK(text.text() == "ab-c");
}

TEST_CASE("sequence_hides_a_waiting_insert_that_is_undone") {
  Text text;
  text.insert(text.id("b", 7), text.id("a", 0), u"xyz", 2, 0);
  text.sequence.set_undone({text.id("b", 7).agent, 7, 3}, true);
  text.insert(text.id("a", 0), {}, u"a", 1, 0);
  CHECK(text.text() == "a");
  CHECK(text.sequence.unit_count() == 4);
}

TEST_CASE("sequence_shows_half_a_pair_as_replacement_character") {
  Text text;
  const UnitId a = text.id("a", 0);
  text.insert(a, {}, u"x\xD83D\xDE00y", 1, 0);
  CHECK(text.text() == "x\xF0\x9F\x98\x80y");
  text.sequence.cover({a.agent, 1, 1});
  CHECK(text.text() == "x\xEF\xBF\xBDy");
  CHECK(text.sequence.unit_at(1) == 0xDE00);
}

TEST_CASE("sequence_reports_the_runs_of_typing_unit_by_unit_by_their_seqs") {
  Text text;
  const NameId a = text.names.intern("a");
  for (std::uint64_t n = 0; n < 5; ++n) {
    text.insert({a, n}, n ? UnitId{a, n - 1} : UnitId{}, u"x", n + 1, 7);
  }
  std::vector<std::uint64_t> seqs;
  text.sequence.for_each_run([&](const Run& run) {
    CHECK(run.length == 1);
    CHECK(run.content == u"x");
    seqs.push_back(run.seq);
  });
  CHECK(seqs == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
}

TEST_CASE("sequence_joins_ids_in_document_order") {
  Text text;
  const UnitId a = text.id("a", 0), b = text.id("b", 0);
  text.insert(a, {}, u"abcd", 1, 0);
  text.insert(b, text.id("a", 1), u"XY", 2, 0);
  text.sequence.cover({b.agent, 0, 1});
  std::vector<IdRange> ranges;
  text.sequence.append_ids(1, 5, ranges);
  REQUIRE(ranges.size() == 3);
  CHECK(ranges[0].length == 1);
  CHECK(ranges[1].n == 1);
  CHECK(ranges[2].length == 2);
  text.sequence.cover({b.agent, 1, 1});
  ranges.clear();
  text.sequence.append_ids(0, 4, ranges);
  CHECK(ranges.size() == 1);
  CHECK(text.sequence.visible_through(b) == 2);
  CHECK(text.sequence.visible_through(text.id("a", 1)) == 2);
}

TEST_CASE("sequence_tells_no_splice_when_nothing_changed") {
  Text text;
  Splice splice;
  text.insert(text.id("a", 0), {}, u"abc", 1, 0);
  CHECK_FALSE(text.sequence.take_splice(splice));
  text.sequence.watch();
  CHECK_FALSE(text.sequence.take_splice(splice));
  text.insert(text.id("a", 3), text.id("a", 0), u"XY", 2, 0);
  text.sequence.cover({text.id("a", 1).agent, 1, 1});
  REQUIRE(text.sequence.take_splice(splice));
  CHECK(splice.at == 1);
  CHECK(splice.removed == 1);
  CHECK(splice.inserted == u"XY");
  CHECK_FALSE(text.sequence.take_splice(splice));
}

TEST_CASE("sequence_takes_thousands_of_siblings_in_any_order") {
  Text text;
  const std::uint64_t count = 3000;
  for (std::uint64_t i = 0; i < count; ++i) {
    const NameId agent = text.names.intern("client" + std::to_string(i * 7919 % count));
    text.sequence.insert({{agent, 0}, {}, 1, 0, u"xy", false});
  }
  text.sequence.check();
  std::u16string last, agent;
  text.sequence.for_each_run([&](const Run& run) {
    agent.clear();
    append_utf16(text.names.view(run.first.agent), agent);
    CHECK(last < agent + u":");
    last = agent + u":";
  });
}
