// array.*: against the rule spelled out with comparisons of all pairs, and on sizes where pairs
// would not do.
#include <catch2/catch.hpp>
#include <chrono>
#include <random>

#include "ops/apply.hpp"
#include "ops/owned_operation.hpp"

namespace vuer_rtc {

namespace {

using nlohmann::json;

json numbered(int from, int to) {
  json result = json::array();
  for (int i = from; i < to; ++i) result.push_back("element " + std::to_string(i));
  return result;
}

// Few distinct elements, so that equal ones meet; among them the same number of an object in two
// orders of keys.
json random_array(std::mt19937& random) {
  static const json kElements[] = {0,
                                   1,
                                   "1",
                                   true,
                                   nullptr,
                                   json::array(),
                                   json::object(),
                                   {1, 2},
                                   {{"a", 1}, {"b", 2}},
                                   "0",
                                   0.5,
                                   "a longer text than the others, over 32 bytes",
                                   {{"a", {1, {2}}}}};
  json result = json::array();
  for (std::uint32_t i = random() % 12; i > 0; --i) result.push_back(kElements[random() % 13]);
  return result;
}

json union_by_pairs(json present, const json& given) {
  for (const json& element : given) {
    bool found = false;
    for (const json& other : present) found = found || stored(other) == stored(element);
    if (!found) present.push_back(element);
  }
  return present;
}

json without(const json& present, const json& unwanted) {
  json result = json::array();
  for (const json& element : present) {
    if (!(stored(element) == stored(unwanted))) result.push_back(element);
  }
  return result;
}

}  // namespace

TEST_CASE("array_union_and_remove_agree_with_comparing_all_pairs") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    const json present = random_array(random), given = random_array(random);
    const OwnedOperation join(op_of("array.union", given));
    REQUIRE(shown(apply_property_op(*join, stored(present))) == union_by_pairs(present, given));
    if (given.empty()) continue;
    const OwnedOperation remove(op_of("array.remove", given[0]));
    REQUIRE(shown(apply_property_op(*remove, stored(present))) == without(present, given[0]));
  }
}

TEST_CASE("union_of_100000_elements_is_not_quadratic") {
  const Value current = stored(numbered(0, 50'000));
  const Bytes given = msgpack_of(op_of("array.union", numbered(25'000, 125'000)));
  const OwnedOperation op(given);
  const auto start = std::chrono::steady_clock::now();
  const Value result = apply_property_op(*op, current);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  CHECK(result == stored(numbered(0, 125'000)));
  CHECK(seconds.count() < 5);  // comparing all pairs takes minutes
}

}  // namespace vuer_rtc
