#include "net/admission.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace vuer_rtc::net;

TEST_CASE("admission_counts_the_connections_of_each_address") {
  const auto admission = std::make_shared<Admission>(AddressPolicy{2, {}});
  auto first = admission->enter("a", 0);
  const auto second = admission->enter("a", 0);
  CHECK(second);
  CHECK_FALSE(admission->enter("a", 0));
  CHECK(admission->enter("b", 0));
  first.reset();
  CHECK(admission->enter("a", 0));
}

TEST_CASE("admission_without_a_limit_takes_any_number") {
  const auto admission = std::make_shared<Admission>(AddressPolicy{0, {}});
  std::vector<std::unique_ptr<Admission::Ticket>> tickets;
  for (int i = 0; i < 5000; ++i) tickets.push_back(admission->enter("a", 0));
  CHECK(tickets.back());
  CHECK(tickets.back()->handshake(0) == 0);
}

TEST_CASE("admission_limits_handshakes_of_an_address_also_over_several_connections") {
  const auto admission = std::make_shared<Admission>(AddressPolicy{0, {50, 50}});
  for (int i = 0; i < 50; ++i) REQUIRE(admission->enter("a", 0)->handshake(0) == 0);
  CHECK(admission->enter("a", 0)->handshake(0) == 20);
  CHECK(admission->enter("b", 0)->handshake(0) == 0);
  CHECK(admission->enter("a", 18)->handshake(18) > 0);
  CHECK(admission->enter("a", 20)->handshake(20) == 0);
}

TEST_CASE("admission_refuses_an_address_for_a_minute_after_twenty_faults_in_one") {
  const auto admission = std::make_shared<Admission>(AddressPolicy{0, {}, {20.0 / 60, 20}});
  const auto bad = admission->enter("bad", 0), good = admission->enter("good", 0);
  for (int i = 0; i < 20; ++i) bad->blame(0);
  CHECK(bad->banned(0) == 0);
  bad->blame(0);
  CHECK(bad->banned(0) == 60'000);
  CHECK(good->banned(0) == 0);
  CHECK(bad->banned(59'999) == 1);
  CHECK(bad->banned(60'000) == 0);
}

TEST_CASE("admission_forgets_addresses_that_are_gone") {
  const auto admission = std::make_shared<Admission>(AddressPolicy{0, {50, 50}});
  const auto stays = admission->enter("stays", 0);
  for (int i = 0; i < 100'000; ++i) {
    const auto ticket = admission->enter(std::to_string(i), i);
    ticket->handshake(i);
  }
  CHECK(admission->address_count() < 3000);
  CHECK(stays->handshake(100'000) == 0);
}
