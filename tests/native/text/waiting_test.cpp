// Inserts without an anchor are found by the anchor, each once.
#include "text/waiting.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace vuer_rtc;

TEST_CASE("waiting_inserts_come_out_by_their_anchor") {
  WaitingInserts waiting;
  for (std::uint64_t n = 0; n < 100; ++n) {
    waiting.add({{1, n * 10}, {2, n / 2}, 1, 0, u"ab", false});
  }
  waiting.check();
  Entry entry;
  CHECK_FALSE(waiting.take({1, 0, 1000}, entry));
  CHECK_FALSE(waiting.take({2, 50, 1000}, entry));
  std::set<std::uint64_t> taken;
  while (waiting.take({2, 10, 5}, entry)) taken.insert(entry.first.n);
  CHECK(taken.size() == 10);
  CHECK(*taken.begin() == 200);
  CHECK(waiting.size() == 90);
  waiting.check();
}

TEST_CASE("waiting_inserts_are_undone_where_they_lie_in_the_range") {
  WaitingInserts waiting;
  waiting.add({{1, 4}, {2, 0}, 1, 0, u"abc", false});
  waiting.add({{1, 7}, {2, 0}, 1, 0, u"de", false});
  waiting.add({{3, 7}, {2, 0}, 1, 0, u"f", false});
  waiting.set_undone({1, 7, 2}, true);
  std::size_t undone = 0;
  for (const auto& [key, entry] : waiting.entries()) undone += entry.undone;
  CHECK(undone == 1);
}
