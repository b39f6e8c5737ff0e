// Columns of numbers come back as they were written; bytes that are no column are refused.
#include "text/column.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace vuer_rtc;

namespace {

using Values = std::vector<std::uint64_t>;

Bytes written(const Values& values) {
  Bytes packed;
  MsgWriter writer(packed);
  write_column(values, writer);
  MsgReader reader{ByteSpan(packed)};
  ByteSpan bytes;
  REQUIRE(reader.read_binary(bytes));
  return {bytes.begin(), bytes.end()};
}

/// The values up to a fault, and whether there was none.
std::pair<Values, bool> read(const Bytes& bytes) {
  ColumnReader reader{ByteSpan(bytes)};
  Values values;
  while (!reader.at_end()) {
    std::uint64_t value;
    if (!reader.next(value)) return {values, false};
    values.push_back(value);
  }
  return {values, true};
}

}  // namespace

TEST_CASE("column_comes_back_as_it_was_written") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 500; ++round) {
    Values values(random() % 40);
    for (std::uint64_t& value : values) value = random() >> (random() % 2 ? 62 : random() % 64);
    CHECK(read(written(values)) == std::pair(values, true));
  }
}

TEST_CASE("column_says_a_value_once_for_all_its_repeats") {
  CHECK(written(Values(100'000, 7)).size() == 4);
  CHECK(written({5, 5, 5, 1, 2}) == Bytes{6, 5, 5, 1, 2});
  CHECK(written({}).empty());
}

TEST_CASE("column_refuses_what_is_none") {
  CHECK_FALSE(read({0}).second);        // a stretch of nothing
  CHECK_FALSE(read({1}).second);        // a row of nothing
  CHECK_FALSE(read({6}).second);        // a value is missing
  CHECK_FALSE(read({5, 1}).second);     // the second of a row is
  CHECK_FALSE(read({6, 0x80}).second);  // a number has no end
  CHECK_FALSE(read({3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2}).second);  // 65 bits
  CHECK(read({3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}).first == Values{UINT64_MAX});
}

TEST_CASE("column_folds_signs_so_that_small_differences_are_small_numbers") {
  CHECK(fold_sign(0) == 0);
  CHECK(fold_sign(~std::uint64_t{0}) == 1);
  CHECK(fold_sign(1) == 2);
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{5}, 0 - std::uint64_t{5},
                                    std::uint64_t{1} << 63, UINT64_MAX})
    CHECK(unfold_sign(fold_sign(value)) == value);
}
