// What the columns of a text hold and what they leave to others.
#include <catch2/catch.hpp>

#include "column_texts.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;

namespace {

struct Written {
  Names names;
  NameId a = names.intern("a"), b = names.intern("b");
  Sequence sequence{names};

  bool has(std::string_view text) const {
    const Bytes bytes = columns_of(sequence, names);
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).find(text) !=
           std::string_view::npos;
  }
};

}  // namespace

TEST_CASE("columns_leave_a_shown_text_to_its_property") {
  Written text;
  text.sequence.insert(Insert{{text.a, 0}, {}, 1, 10, u"hello"});
  const Bytes alone = columns_of(text.sequence, text.names);
  const Bytes beside = columns_of(text.sequence, text.names, true);
  CHECK(beside.size() + 5 == alone.size());
  CHECK_FALSE(read_columns(beside, text.names));
  const std::string_view shown = "hello", other = "hell";
  REQUIRE(read_columns(beside, text.names, &shown));
  CHECK_FALSE(read_columns(beside, text.names, &other));
  CHECK(units_of(*read_columns(beside, text.names, &shown), text.names) ==
        units_of(text.sequence, text.names));
}

TEST_CASE("columns_drop_the_content_of_hidden_units") {
  Written text;
  text.sequence.insert(Insert{{text.a, 0}, {}, 1, 10, u"secret"});
  CHECK(text.has("secret"));
  text.sequence.cover({text.a, 0, 6});
  CHECK_FALSE(text.has("secret"));
}

TEST_CASE("columns_keep_both_halves_of_a_pair_that_was_cut") {
  Written text;
  text.sequence.insert(Insert{{text.a, 0}, {}, 1, 10, u"x\xd83d\xde00y"});
  text.sequence.cover({text.a, 2, 2});
  const auto again = read_columns(columns_of(text.sequence, text.names, true), text.names);
  REQUIRE(again);
  again->uncover({text.a, 2, 1});
  again->uncover({text.a, 3, 1});
  std::string shown;
  again->append_text(shown);
  CHECK(shown == "x\xf0\x9f\x98\x80y");
}

TEST_CASE("columns_of_typed_letters_cost_nothing_but_the_letters") {
  Written text;
  for (std::uint64_t n = 0; n < 10'000; ++n) {
    const UnitId anchor = n == 0 ? UnitId{} : UnitId{text.a, n - 1};
    text.sequence.insert(Insert{{text.a, n}, anchor, n + 1, 1e12 + 3.0 * double(n), u"t"});
  }
  CHECK(columns_of(text.sequence, text.names).size() < 10'100);
}

TEST_CASE("columns_keep_any_time") {
  for (const double ts : {0.0, -5.0, 0.5, 1e300, -9007199254740991.0, 1732222222222.25}) {
    Written text;
    text.sequence.insert(Insert{{text.a, 7}, {}, 9, ts, u"x"});
    text.sequence.insert(Insert{{text.b, 3}, {text.a, 7}, 10, 12, u"y"});
    const auto again = read_columns(columns_of(text.sequence, text.names), text.names);
    REQUIRE(again);
    CHECK(units_of(*again, text.names) == units_of(text.sequence, text.names));
    CHECK(again->highest_seq() == 10);
    CHECK(again->next_number(text.a) == 8);
  }
}
