// Values: one form per content, so equality is equality of form; both ways of reading agree.
#include "model/value.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "sample_messages.hpp"

using namespace vuer_rtc;

namespace {

Value read(const Bytes& bytes, int max_depth = 64) {
  MsgReader reader(bytes);
  Value value;
  REQUIRE(read_value(reader, value, max_depth));
  REQUIRE(reader.at_end());
  return value;
}

bool is_refused(const Bytes& bytes, int max_depth = 64) {
  MsgReader reader(bytes), again(bytes);
  Value value;
  Bytes out{1, 2};
  const bool refused = !read_value(reader, value, max_depth);
  REQUIRE(append_canonical(again, out, max_depth) != refused);
  if (refused) REQUIRE(out == Bytes{1, 2});
  return refused;
}

void write_random(MsgWriter& w, std::mt19937& random, int room) {
  const char* texts[] = {"", "a", "b", "\xc3\xa9", "long enough not to be a short string at all"};
  switch (random() % (room > 0 ? 8 : 5)) {
    case 0:
      return w.nil();
    case 1:
      return w.boolean(random() % 2);
    case 2:
      return w.number(static_cast<double>(random() % 1000) - 500);
    case 3:
      return w.float64(static_cast<double>(random() % 9) / 4 - 1);
    case 4:
      return w.string(texts[random() % 5]);
    case 5:
    case 6: {
      const auto count = static_cast<std::uint32_t>(random() % 6);
      w.array(count);
      for (std::uint32_t i = 0; i < count; ++i) write_random(w, random, room - 1);
      return;
    }
    default: {
      const auto count = static_cast<std::uint32_t>(random() % 5);
      const auto turn = static_cast<std::uint32_t>(random() % 5);
      w.map(count);
      for (std::uint32_t i = 0; i < count; ++i) {
        w.string(texts[(i + turn) % 5]);
        write_random(w, random, room - 1);
      }
    }
  }
}

Bytes nested(int depth) {
  Bytes bytes;
  for (int i = 0; i < depth; ++i) bytes.push_back(0x91);
  bytes.push_back(0xa1), bytes.push_back('x');
  return bytes;
}

}  // namespace

TEST_CASE("value_reading_agrees_with_canonical_form_and_back", "[model]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 5000; ++round) {
    const Bytes bytes = written([&](MsgWriter& w) { write_random(w, random, 4); });
    const Value value = read(bytes);
    Bytes canonical, rewritten, wire;
    MsgReader reader(bytes);
    REQUIRE(append_canonical(reader, canonical, 64));
    value.write_canonical(rewritten);
    REQUIRE(rewritten == canonical);
    value.write_wire(wire);
    REQUIRE(read(wire) == value);
    REQUIRE(value_of(canonical) == value);
    Value copy = value, moved = std::move(copy);
    REQUIRE(copy.is_missing());
    REQUIRE(moved == value);
    copy = moved;
    moved = Value();
    REQUIRE(copy == value);
    REQUIRE_FALSE(is_refused(bytes, value.depth()));
    if (value.depth() > 0) REQUIRE(is_refused(bytes, value.depth() - 1));
  }
}

TEST_CASE("value_forms_are_unique", "[model]") {
  CHECK(read({0x92, 1, 2}).kind() == Value::Kind::Numbers);
  CHECK(read({0x92, 1, 2}) ==
        read(written([](MsgWriter& w) { w.array(2), w.float64(1), w.float64(2); })));
  CHECK(read({0x90}).kind() == Value::Kind::Numbers);
  CHECK(read({0x95, 1, 2, 3, 4, 5}).kind() == Value::Kind::Array);
  CHECK(read({0x92, 1, 0xc0}).kind() == Value::Kind::Array);
  CHECK(read({0x82, 0xa1, 'b', 1, 0xa1, 'a', 2}) == read({0x82, 0xa1, 'a', 2, 0xa1, 'b', 1}));
  CHECK_FALSE(read({0x00}) == read({0xc2}));
  CHECK_FALSE(read({0x91, 1}) == read({0x01}));
  CHECK_FALSE(read({0x90}) == read({0x80}));
  const Value zero = read(written([](MsgWriter& w) { w.float64(-0.0); }));
  CHECK_FALSE(std::signbit(zero.number()));
  double three[3];
  CHECK(read({0x94, 1, 2, 3, 0xc0}).leading_numbers(3, three));
  CHECK(three[2] == 3);
  CHECK_FALSE(read({0x92, 1, 2}).leading_numbers(3, three));
  CHECK_FALSE(read({0x93, 1, 0xc0, 2}).leading_numbers(3, three));
}

TEST_CASE("value_reading_refuses_what_json_cannot_hold", "[model]") {
  for (const double number : {std::numeric_limits<double>::infinity(), std::nan("")}) {
    CHECK(is_refused(written([&](MsgWriter& w) { w.float64(number); })));
    CHECK(is_refused(written([&](MsgWriter& w) { w.array(2), w.number(1), w.float64(number); })));
  }
  CHECK(is_refused({0xc4, 1, 0}));
  CHECK(is_refused({0xd4, 1, 0}));
  CHECK(is_refused({0x81, 1, 1}));
  CHECK(is_refused({0x82, 0xa1, 'a', 1, 0xa1, 'a', 2}));
  CHECK(is_refused({0xa1, 0xff}));
  CHECK(is_refused({0x81, 0xa1, 0xff, 1}));
  CHECK_FALSE(is_refused(nested(64)));
  CHECK(is_refused(nested(65)));
  CHECK(is_refused(nested(100000)));
  CHECK(read({0xa3, 0xed, 0xa0, 0x80}).string() == "\xef\xbf\xbd");
}

TEST_CASE("members_walk_arrays_and_objects", "[model]") {
  const Value object = read({0x82, 0xa1, 'b', 0x91, 0xc0, 0xa1, 'a', 2});
  Members members(object.canonical());
  CHECK(members.count() == 2);
  REQUIRE(members.next());
  CHECK(members.key() == "a");
  CHECK(value_of(members.bytes()) == Value::number(2));
  REQUIRE(members.next());
  CHECK(members.key() == "b");
  CHECK(value_of(members.bytes()) == read({0x91, 0xc0}));
  CHECK_FALSE(members.next());
}
