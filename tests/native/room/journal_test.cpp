#include "room/journal.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

Journal with(std::initializer_list<std::uint64_t> lts) {
  Journal journal;
  std::uint64_t seq = 0;
  for (const std::uint64_t lt : lts) {
    Message m;
    m.id = m.client = "a";
    m.lt = lt;
    m.server_seq = ++seq;
    journal.append(m, std::make_shared<const Bytes>());
  }
  return journal;
}

}  // namespace

TEST_CASE("journal_line_keeps_so_many_messages_above") {
  const Journal journal = with({5, 1, 3, 9, 7});
  CHECK(journal.line_that_keeps(2) == 6);
  CHECK(journal.line_that_keeps(0) == 9);
  CHECK(journal.line_that_keeps(5) == kNoLine);
}

TEST_CASE("journal_line_keeps_more_when_lts_are_equal") {
  CHECK(with({4, 4, 4, 1}).line_that_keeps(1) == 3);
}

TEST_CASE("journal_folds_by_lt_and_tells_the_highest_number_that_went") {
  Journal journal = with({5, 1, 3, 9});
  CHECK(journal.fold(3) == 3);
  REQUIRE(journal.size() == 2);
  CHECK(journal.entries()[0].server_seq == 1);
  CHECK(journal.index_after(1) == 1);
  CHECK(journal.index_after(0) == 0);
  CHECK(journal.index_after(9) == 2);
}
