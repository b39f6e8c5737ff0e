// Walks over the maps and arrays of a snapshot stop at the first fault.
#include "history/fields.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "json_messages.hpp"

using namespace vuer_rtc;
using nlohmann::json;

namespace {

bool walk_map(ByteSpan bytes, std::string& names) {
  return for_each_field(bytes, [&](std::string_view name, ByteSpan value) {
    names += name;
    return !is_nil(value);
  });
}

bool walk_array(ByteSpan bytes, std::uint64_t& sum) {
  return for_each_element(bytes, [&](ByteSpan value) {
    std::uint64_t number = 0;
    if (!read_integer(value, number)) return false;
    sum += number;
    return true;
  });
}

}  // namespace

TEST_CASE("fields_visits_every_member_until_one_says_no") {
  std::string names;
  CHECK(walk_map(msgpack_of(json{{"a", 1}, {"b", 2}, {"c", 3}}), names));
  CHECK(names == "abc");
  names.clear();
  CHECK_FALSE(walk_map(msgpack_of(json{{"a", 1}, {"b", nullptr}, {"c", 3}}), names));
  CHECK(names == "ab");
  std::uint64_t sum = 0;
  CHECK(walk_array(msgpack_of(json::array({1, 2, 3})), sum));
  CHECK(sum == 6);
  CHECK_FALSE(walk_array(msgpack_of(json::array({1, -2, 3})), sum));
  CHECK(sum == 7);
}

TEST_CASE("fields_refuses_other_shapes_and_every_cut") {
  std::string names;
  std::uint64_t sum = 0;
  CHECK_FALSE(walk_map(msgpack_of(json::array({1})), names));
  CHECK_FALSE(walk_array(msgpack_of(json{{"a", 1}}), sum));
  CHECK_FALSE(walk_map(ByteSpan(), names));
  const Bytes map = msgpack_of(json{{"a", "text"}, {"b", json::array({1, 2})}});
  const Bytes array = msgpack_of(json::array({1, 300, 70000}));
  for (std::size_t size = 0; size < map.size(); ++size) {
    CHECK_FALSE(walk_map(ByteSpan(map).first(size), names));
  }
  for (std::size_t size = 0; size < array.size(); ++size) {
    CHECK_FALSE(walk_array(ByteSpan(array).first(size), sum));
  }
}
