// JSON in: the ladder of malformed texts, numbers to the last bit, strings that are not Unicode.
#include "protocol/json_reader.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "protocol/json_writer.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;
using nlohmann::json;

namespace {

json read(std::string_view text) {
  const auto bytes = json_to_msgpack(text);
  INFO(text);
  REQUIRE(bytes.ok());
  return json::from_msgpack(*bytes);
}

ErrorCode fault(std::string_view text) {
  const auto bytes = json_to_msgpack(text);
  INFO(text);
  REQUIRE_FALSE(bytes.ok());
  return bytes.error().code;
}

std::string nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("json_reader_reads_every_kind_of_value") {
  CHECK(read(R"( {"a":[1,-2.5,true,false,null,"x"],"b":{}} )") ==
        json::parse(R"({"a":[1,-2.5,true,false,null,"x"],"b":{}})"));
  CHECK(read("0") == 0);
  CHECK(read("[]") == json::array());
  CHECK(read("\"\"") == "");
}

TEST_CASE("json_reader_refuses_what_is_not_json") {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[,1]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{'a':1}",
                           "nul",
                           "tru",
                           "True",
                           "NaN",
                           "Infinity",
                           "-",
                           "+1",
                           "01",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "0x1",
                           "1 2",
                           "[1]]",
                           "\"",
                           "\"\\",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\n\"",
                           "\"\x01\"",
                           "\"\xff\"",
                           "\"\xc0\x80\"",
                           "\"\xed\xa0\x80\"",
                           "\"\xf4\x90\x80\x80\"",
                           "// c\n1",
                           "[1/**/]",
                           "{\"a\" 1}",
                           "1e999",
                           "-1e999"}) {
    CHECK(fault(text) == ErrorCode::BadFrame);
  }
}

TEST_CASE("json_reader_refuses_every_truncation") {
  const std::string text =
      R"({"mtype":"crdt","msg":{"id":"a:1","ops":[{"value":[1.5e3,"\u00e9\ud83d\ude00"]}]}})";
  REQUIRE(json_to_msgpack(text).ok());
  for (std::size_t length = 0; length < text.size(); ++length)
    fault(std::string_view(text).substr(0, length));
}

TEST_CASE("json_reader_survives_every_single_byte_change") {
  const std::string text = R"({"a":[1.5e3,"\u00e9\ud83d\ude00",{"b":null}],"c":true})";
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[at] = static_cast<char>(byte);
      const auto bytes = json_to_msgpack(changed);
      if (bytes.ok()) CHECK(msgpack_to_json(*bytes).ok());
    }
  }
}

TEST_CASE("json_reader_has_a_depth_limit") {
  CHECK(json_to_msgpack(nested(kMaxFrameDepth)).ok());
  CHECK(fault(nested(kMaxFrameDepth + 1)) == ErrorCode::TooDeep);
  CHECK(fault(std::string(1 << 20, '[')) == ErrorCode::TooDeep);
}

TEST_CASE("json_reader_turns_lone_surrogates_into_the_replacement_character") {
  CHECK(read(R"("\ud83d\ude00")") == "\xf0\x9f\x98\x80");
  CHECK(read(R"("\ud83d")") == "\xef\xbf\xbd");
  CHECK(read(R"("\ude00x")") == "\xef\xbf\xbdx");
  CHECK(read(R"("\ud83d\u0041")") ==
        "\xef\xbf\xbd"
        "A");
  CHECK(read(R"("\ud83d\ud83d\ude00")") == "\xef\xbf\xbd\xf0\x9f\x98\x80");
  CHECK(read(R"("\ud83d\n")") == "\xef\xbf\xbd\n");
  CHECK(read(R"("\u0000")") == std::string(1, '\0'));
}

TEST_CASE("json_reader_rounds_numbers_correctly") {
  CHECK(read("0.1") == 0.1);
  CHECK(read("9007199254740993.0") == 9007199254740992.0);
  CHECK(read("2.2250738585072011e-308").get<double>() == 2.2250738585072011e-308);
  CHECK(read("4.9406564584124654e-324").get<double>() == 4.9406564584124654e-324);
  CHECK(read("1e-400") == 0.0);
  CHECK(read("1.7976931348623157e308").get<double>() == 1.7976931348623157e308);
}

TEST_CASE("json_numbers_survive_the_way_through_text") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    static_assert(sizeof bits == sizeof value);
    std::memcpy(&value, &bits, sizeof value);
    if (!(value - value == 0)) continue;
    std::string text;
    append_json_number(value, text);
    const auto bytes = json_to_msgpack(text);
    REQUIRE(bytes.ok());
    double back = 0;
    MsgReader reader(*bytes);
    REQUIRE(reader.read_number(back));
    REQUIRE(back == value);
  }
}

TEST_CASE("json_reader_writes_shortest_headers") {
  CHECK(*json_to_msgpack("[1,2]") == Bytes{0x92, 1, 2});
  CHECK(*json_to_msgpack(R"({"a":[]})") == Bytes{0x81, 0xa1, 'a', 0x90});
  std::string text = "[0";
  for (int i = 1; i < 70'000; ++i) text += ",0";
  const auto bytes = json_to_msgpack(text + "]");
  REQUIRE(bytes.ok());
  CHECK(bytes->size() == 70'005);
  CHECK((*bytes)[0] == 0xdd);
}

TEST_CASE("json_reader_keeps_numbers_as_they_were_written") {
  const auto read_exactly = [](std::string_view text) {
    return json::from_msgpack(*json_to_exact_msgpack(text)).dump();
  };
  for (const char* text : {"1", "1.0", "-7", "0.5", "9007199254740993", "-9223372036854775808",
                           "9223372036854775807", "1.8446744073709552e+19"})
    CHECK(read_exactly(text) == text);
  CHECK(read_exactly("9223372036854775808") == "9.223372036854776e+18");
  CHECK(read_exactly("1e2") == "100.0");
}
