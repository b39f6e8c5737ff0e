// The reader: every form, every truncation, counts that promise more than there is, and bounded
// depth.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "vuer_rtc/value.hpp"

using namespace vuer_rtc;

namespace {

double number_in(const Bytes& bytes) {
  MsgReader reader(bytes);
  double out = std::nan("");
  REQUIRE(reader.read_number(out));
  REQUIRE(reader.at_end());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    MsgReader cut(ByteSpan(bytes.data(), size));
    double ignored;
    REQUIRE_FALSE(cut.read_number(ignored));
    REQUIRE_FALSE(cut.ok());
  }
  return out;
}

Bytes nested(int depth) {
  Bytes bytes(static_cast<std::size_t>(depth), 0x91);
  bytes.push_back(0xc0);
  return bytes;
}

}  // namespace

TEST_CASE("reader_reads_every_form_of_a_number", "[codec]") {
  CHECK(number_in({0x7f}) == 127);
  CHECK(number_in({0xe0}) == -32);
  CHECK(number_in({0xff}) == -1);
  CHECK(number_in({0xcc, 0xff}) == 255);
  CHECK(number_in({0xcd, 0x01, 0x00}) == 256);
  CHECK(number_in({0xce, 0xff, 0xff, 0xff, 0xff}) == 4294967295.0);
  CHECK(number_in({0xcf, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) == 9007199254740991.0);
  CHECK(number_in({0xd0, 0x80}) == -128);
  CHECK(number_in({0xd1, 0x80, 0x00}) == -32768);
  CHECK(number_in({0xd2, 0x80, 0, 0, 0}) == -2147483648.0);
  CHECK(number_in({0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0}) == -9223372036854775808.0);
  CHECK(number_in({0xca, 0x3f, 0xc0, 0, 0}) == 1.5);
  CHECK(number_in({0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0}) == 1.5);
}

TEST_CASE("reader_believes_no_count_beyond_the_bytes_left", "[codec]") {
  std::uint32_t count;
  for (const Bytes& bytes :
       {Bytes{0xdd, 0xff, 0xff, 0xff, 0xff}, Bytes{0xdc, 0, 2, 0xc0}, Bytes{0x92, 0xc0}}) {
    CHECK_FALSE(MsgReader(bytes).read_array(count));
    CHECK_FALSE(MsgReader(bytes).skip());
  }
  for (const Bytes& bytes :
       {Bytes{0xdf, 0xff, 0xff, 0xff, 0xff, 0}, Bytes{0xde, 0, 1, 0xc0}, Bytes{0x81, 0xc0}}) {
    CHECK_FALSE(MsgReader(bytes).read_map(count));
    CHECK_FALSE(MsgReader(bytes).skip());
  }
  std::string_view text;
  for (const Bytes& bytes :
       {Bytes{0xa1}, Bytes{0xd9, 2, 'a'}, Bytes{0xdb, 0xff, 0xff, 0xff, 0xff}}) {
    CHECK_FALSE(MsgReader(bytes).read_string(text));
    CHECK_FALSE(MsgReader(bytes).skip());
  }
}

TEST_CASE("reader_skips_up_to_the_depth_given_and_no_deeper", "[codec]") {
  for (const int depth : {0, 1, 64, 1024}) {
    const Bytes bytes = nested(depth);
    CHECK(MsgReader(bytes).skip(depth));
    if (depth > 0) CHECK_FALSE(MsgReader(bytes).skip(depth - 1));
  }
  CHECK_FALSE(MsgReader(nested(1025)).skip(5000));
  CHECK_FALSE(MsgReader(nested(200000)).skip());
}

TEST_CASE("reader_fails_for_good_after_a_fault", "[codec]") {
  const Bytes bytes{0xc1, 0x01};
  MsgReader reader(bytes);
  double number;
  CHECK_FALSE(reader.read_number(number));
  CHECK_FALSE(reader.skip());
  CHECK_FALSE(reader.read_nil());
  CHECK(reader.peek() == MsgType::Invalid);
}

TEST_CASE("reader_walks_random_bytes_inside_their_bounds", "[codec]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 50000; ++round) {
    Bytes bytes(random() % 24);
    for (auto& byte : bytes)
      byte = static_cast<std::uint8_t>(random() % 3 ? 0x80 + random() % 0x80 : random());
    MsgReader reader(bytes);
    while (reader.skip()) REQUIRE(reader.position() <= bytes.data() + bytes.size());
    REQUIRE((reader.at_end() || !reader.ok()));
  }
}
