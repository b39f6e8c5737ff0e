// Interning, and the order of agents.
#include "model/names.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "base/utf.hpp"

using namespace vuer_rtc;

TEST_CASE("names_count_up_and_are_found_again", "[model]") {
  Names names;
  CHECK(names.find("a") == kNoName);
  for (std::uint32_t i = 0; i < 5000; ++i) REQUIRE(names.intern("name-" + std::to_string(i)) == i);
  for (std::uint32_t i = 0; i < 5000; ++i) {
    REQUIRE(names.find("name-" + std::to_string(i)) == i);
    REQUIRE(names.intern("name-" + std::to_string(i)) == i);
    REQUIRE(names.view(i) == "name-" + std::to_string(i));
  }
  CHECK(names.intern("") == 5000);
  CHECK(names.find("name-5000") == kNoName);
  CHECK(names.size() == 5001);
}

TEST_CASE("agents_compare_as_their_names_with_a_colon", "[model]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const char* parts[] = {"a", ":", "9", ";", "\xc3\xa9", "\xee\x80\x80", "\xf0\x9f\x98\x80"};
  for (int round = 0; round < 20000; ++round) {
    std::string agents[2];
    for (auto& agent : agents) {
      for (int i = static_cast<int>(random() % 4); i > 0; --i) agent += parts[random() % 7];
    }
    REQUIRE(compare_agents(agents[0], agents[1]) ==
            compare_code_units(agents[0] + ":", agents[1] + ":"));
  }
}
