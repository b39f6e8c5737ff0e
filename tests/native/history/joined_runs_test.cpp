// The runs of a text as the digest has them.
#include "history/joined_runs.hpp"

#include <catch2/catch.hpp>

#include "json_messages.hpp"

using namespace vuer_rtc;

TEST_CASE("joined_runs_join_over_what_hid_the_units_and_leave_pending_ones_out") {
  Names clients;
  const NameId a = clients.intern("a"), b = clients.intern("b");
  Sequence sequence(clients);
  sequence.insert(Insert{{a, 0}, {}, 1, 10, u"abcd"});
  sequence.insert(Insert{{b, 0}, {a, 1}, 2, 11, u"x"});
  CHECK(joined_runs(sequence, {}).size() == 3);
  const auto without = joined_runs(sequence, {IdRange{b, 0, 1}});
  REQUIRE(without.size() == 1);
  CHECK(without[0].length == 4);
  CHECK(without[0].content == u"abcd");
  sequence.cover(IdRange{a, 0, 1});
  sequence.cover(IdRange{a, 1, 1});
  sequence.cover(IdRange{a, 1, 1});
  const auto hidden = joined_runs(sequence, {IdRange{b, 0, 1}});
  REQUIRE(hidden.size() == 2);
  CHECK_FALSE(hidden[0].visible);
  CHECK(hidden[0].length == 2);
  CHECK(hidden[0].content.empty());
}

TEST_CASE("joined_runs_stay_apart_where_seq_ts_or_anchor_differ") {
  Names clients;
  const NameId a = clients.intern("a");
  const auto runs_of = [&](std::uint64_t seq, double ts, UnitId anchor) {
    Sequence sequence(clients);
    sequence.insert(Insert{{a, 0}, {}, 1, 10, u"ab"});
    sequence.insert(Insert{{a, 2}, anchor, seq, ts, u"c"});
    return joined_runs(sequence, {}).size();
  };
  CHECK(runs_of(1, 10, UnitId{a, 1}) == 1);
  CHECK(runs_of(2, 10, UnitId{a, 1}) == 2);
  CHECK(runs_of(1, 11, UnitId{a, 1}) == 2);
  CHECK(runs_of(1, 10, UnitId{}) == 2);
}

TEST_CASE("joined_runs_join_undone_and_deleted_units") {
  Names clients;
  const NameId a = clients.intern("a");
  Sequence sequence(clients);
  sequence.insert(Insert{{a, 0}, {}, 1, 10, u"ab"});
  sequence.insert(Insert{{a, 2}, {a, 1}, 1, 10, u"cd", true});
  sequence.cover(IdRange{a, 1, 1});
  const auto runs = joined_runs(sequence, {});
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].content == u"a");
  CHECK(runs[1].length == 3);
  CHECK_FALSE(runs[1].visible);
}

TEST_CASE("joined_runs_are_written_with_half_a_pair_replaced") {
  Names clients;
  const NameId a = clients.intern("a");
  Sequence sequence(clients);
  sequence.insert(Insert{{a, 0}, {}, 1, 10, u"x\xd83d\xde00"});
  sequence.cover(IdRange{a, 2, 1});
  nlohmann::json runs = nlohmann::json::array();
  for (const JoinedRun& run : joined_runs(sequence, {})) {
    Bytes out;
    write_run(run, clients, out);
    runs.push_back(json_of(out));
  }
  CHECK(runs == parse_json(R"([["a:0",2,null,1,10,"x\ufffd"],["a:2",1,"a:1",1,10,null]])"));
}
