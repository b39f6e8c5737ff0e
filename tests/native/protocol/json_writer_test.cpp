#include "protocol/json_writer.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace vuer_rtc;
using namespace vuer_rtc::server;
using nlohmann::json;

namespace {

std::string write(const Bytes& bytes) {
  const auto text = msgpack_to_json(bytes);
  REQUIRE(text.ok());
  return *text;
}

}  // namespace

TEST_CASE("json_writer_writes_numbers_shortest") {
  CHECK(write(json::to_msgpack(1.0)) == "1");
  CHECK(write(json::to_msgpack(0.1)) == "0.1");
  CHECK(write(json::to_msgpack(1e15)) == "1000000000000000");
  CHECK(write(json::to_msgpack(1e21)) == "1e+21");
  CHECK(write(json::to_msgpack(-2.5)) == "-2.5");
}

TEST_CASE("json_writer_escapes_what_must_be_escaped") {
  CHECK(write(json::to_msgpack(std::string("a\"\\\n\x01/é"))) == "\"a\\\"\\\\\\n\\u0001/é\"");
}

TEST_CASE("json_writer_never_writes_invalid_utf8") {
  CHECK(write({0xa3, 'a', 0xff, 'b'}) ==
        "\"a\xef\xbf\xbd"
        "b\"");
  CHECK(write({0xa3, 0xed, 0xa0, 0x80}) == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST_CASE("json_writer_writes_bytes_as_base64") {
  CHECK(write({0xc4, 0x03, 0xff, 0x00, 0x10}) == "\"/wAQ\"");
}

TEST_CASE("json_writer_refuses_what_json_cannot_hold") {
  CHECK_FALSE(msgpack_to_json(Bytes{0x81, 0x01, 0x01}).ok());  // a key that is a number
  CHECK_FALSE(msgpack_to_json(Bytes{0xd4, 0x01, 0x00}).ok());  // an extension
  CHECK_FALSE(msgpack_to_json(Bytes{0x92, 0x01}).ok());        // truncated
  CHECK_FALSE(msgpack_to_json(Bytes{0x01, 0x01}).ok());        // two values
  CHECK_FALSE(msgpack_to_json(Bytes(100'000, 0x91)).ok());     // no end
}
