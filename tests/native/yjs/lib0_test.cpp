// Numbers, texts and values of lib0, and JSON as far as it is looked at.
#include "protocol/yjs/lib0.hpp"

#include <catch2/catch.hpp>

#include "protocol/yjs/json.hpp"
#include "yjs/vectors.hpp"

using namespace vuer_rtc::yjs;
using nlohmann::json;

namespace {

template <class Read>
void reads_whole(const char* group, Read read) {
  for (const json& one : vectors()["lib0"][group]) {
    INFO(one.dump());
    const vuer_rtc::Bytes bytes = from_hex(one["bytes"]);
    Reader reader{vuer_rtc::ByteSpan(bytes)};
    read(reader, one);
    CHECK(reader.ok());
    CHECK(reader.left() == 0);
    for (std::size_t n = 0; n < bytes.size(); n++) {
      Reader part(vuer_rtc::ByteSpan(bytes).first(n));
      read(part, json());
      CHECK_FALSE(part.ok());
    }
  }
}

}  // namespace

TEST_CASE("lib0_numbers_are_read_and_written") {
  reads_whole("varUint", [](Reader& reader, const json& one) {
    const std::uint64_t value = reader.var_uint();
    if (one.is_null()) return;
    CHECK(value == one["value"].get<std::uint64_t>());
    Writer writer;
    writer.var_uint(value);
    CHECK(to_hex(writer.take()) == one["bytes"]);
  });
  reads_whole("varInt", [](Reader& reader, const json&) { reader.skip_var_int(); });
}

TEST_CASE("lib0_texts_and_values_are_walked_over") {
  reads_whole("varString", [](Reader& reader, const json& one) {
    const std::string_view text = reader.var_string();
    if (!one.is_null()) CHECK(text == one["value"].get<std::string>());
  });
  reads_whole("any", [](Reader& reader, const json&) { reader.skip_any(); });
}

TEST_CASE("json_check_accepts_one_value_and_nothing_else") {
  for (const char* text :
       {"1", " null ", "[]", "{ }", R"({"a":[1,-0.5e+3,{"b":"\u00e9\n"}],"":true})",
        R"("\ud83d\ude00")", R"("\ud800")"})
    CHECK(is_json(text));
  for (const char* text :
       {"",          " ",  "{",  "[1,]",      "{\"a\":1,}", "{a:1}",   "01",          "1.",
        "-",         "+1", ".5", "nul",       "\"\n\"",     "\"\\x\"", "\"\\u12g4\"", "1 2",
        "[1 2]",     "\"", "[",  "undefined", "\"\\",       "{\"a\"}", "{\"a\":}",    "1e",
        "\"\\u123\""})
    CHECK_FALSE(is_json(text));
  CHECK(is_json(std::string(100, '[') + std::string(100, ']')));
  CHECK_FALSE(is_json(std::string(101, '[') + std::string(101, ']')));
}

TEST_CASE("json_texts_are_the_members_that_are_strings") {
  const auto found =
      json_texts(R"( {"action":"jo\u0069n","n":1,"room":"\ud83d\ude00\"","x":{"y":"z"}} )");
  REQUIRE(found);
  CHECK(*found == std::map<std::string, std::string>{{"action", "join"}, {"room", "😀\""}});
  CHECK_FALSE(json_texts("[]"));
  CHECK_FALSE(json_texts("{\"a\":1"));
}
