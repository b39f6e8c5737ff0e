// The writer: shortest forms on both sides of each border, read back by the reader.
#include <catch2/catch.hpp>
#include <cmath>

#include "vuer_rtc/value.hpp"

using namespace vuer_rtc;

namespace {

Bytes number(double value) {
  Bytes out;
  MsgWriter(out).number(value);
  double back;
  MsgReader reader(out);
  REQUIRE(reader.read_number(back));
  REQUIRE(back == value);
  return out;
}

}  // namespace

TEST_CASE("writer_takes_the_shortest_integer_form", "[codec]") {
  const std::pair<double, std::size_t> kSizes[] = {
      {0, 1},      {127, 1},    {128, 2},           {255, 2},          {256, 3},
      {65535, 3},  {65536, 5},  {4294967295.0, 5},  {4294967296.0, 9}, {9007199254740991.0, 9},
      {-1, 1},     {-32, 1},    {-33, 2},           {-128, 2},         {-129, 3},
      {-32768, 3}, {-32769, 5}, {-2147483648.0, 5}, {-2147483649.0, 9}};
  for (const auto& [value, size] : kSizes) {
    INFO(value);
    const Bytes bytes = number(value);
    CHECK(bytes.size() == size);
    CHECK(bytes[0] != 0xcb);
  }
  for (const double value : {0.5, 9007199254740992.0, -9007199254740992.0, 1e300})
    CHECK(number(value)[0] == 0xcb);
  CHECK(number(-0.0) == Bytes{0});
}

TEST_CASE("writer_takes_the_shortest_heads", "[codec]") {
  for (const std::size_t size : {0, 31, 32, 255, 256, 65535, 65536}) {
    Bytes out;
    MsgWriter(out).string(std::string(size, 'x'));
    CHECK(out.size() == size + (size < 32 ? 1 : size < 256 ? 2 : size < 65536 ? 3 : 5));
    std::string_view text;
    CHECK(MsgReader(out).read_string(text));
    CHECK(text.size() == size);
  }
  for (const std::uint32_t count : {0u, 15u, 16u, 65535u, 65536u}) {
    Bytes array, map;
    MsgWriter(array).array(count);
    MsgWriter(map).map(count);
    CHECK(array.size() == (count < 16 ? 1 : count < 65536 ? 3 : 5));
    CHECK(map.size() == array.size());
    array.resize(array.size() + count, 0xc0);
    map.resize(map.size() + 2 * count, 0xc0);
    std::uint32_t found;
    CHECK(MsgReader(array).read_array(found));
    CHECK(found == count);
    CHECK(MsgReader(map).read_map(found));
    CHECK(found == count);
  }
}
