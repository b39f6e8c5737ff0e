// merge_objects: the shallow merge that object.merge and node.upsert share.
#include <catch2/catch.hpp>
#include <random>

#include "ops/apply.hpp"
#include "ops/owned_operation.hpp"

namespace vuer_rtc {

namespace {

using nlohmann::json;

json random_object(std::mt19937& random) {
  json result = json::object();
  for (std::uint32_t i = random() % 20; i > 0; --i) {
    result["k" + std::to_string(random() % 24)] = static_cast<int>(random() % 100);
  }
  return result;
}

}  // namespace

TEST_CASE("merge_objects_agrees_with_writing_member_by_member") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    const json current = random_object(random), given = random_object(random);
    json merged = current;
    for (const auto& [key, member] : given.items()) merged[key] = member;
    REQUIRE(merge_objects(stored(current), stored(given)) == stored(merged));
  }
}

TEST_CASE("merge_objects_takes_members_down_to_the_depth_limit") {
  json deep = 1;
  for (int i = 0; i < kMaxDepth - 1; ++i) deep = json::array({deep});
  const Value inner = stored({{"b", deep}});
  CHECK(merge_objects(stored({{"a", 1}}), inner) == stored({{"a", 1}, {"b", deep}}));
  CHECK(merge_objects(stored(json::object()), stored(json::object())) == stored(json::object()));
}

}  // namespace vuer_rtc
