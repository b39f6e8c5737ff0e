// UTF-8 against a plain UTF-16 reading of it: cleaning, order and conversion.
#include "base/utf.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace vuer_rtc;

namespace {

std::string encode(char32_t code) {
  std::string out;
  if (code < 0x80) return std::string(1, static_cast<char>(code));
  if (code < 0x800) {
    out = {static_cast<char>(0xc0 | code >> 6)};
  } else {
    if (code < 0x10000)
      out = {static_cast<char>(0xe0 | code >> 12)};
    else
      out = {static_cast<char>(0xf0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3f))};
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
  }
  return out + static_cast<char>(0x80 | (code & 0x3f));
}

char32_t random_code(std::mt19937& random) {
  constexpr char32_t kEdges[] = {'a',    ':',    0x7f,   0x80,   0x7ff,   0x800,   0xd7ff,
                                 0xe000, 0xefff, 0xf000, 0xffff, 0x10000, 0x1f600, 0x10ffff};
  return kEdges[random() % std::size(kEdges)];
}

}  // namespace

TEST_CASE("compare_code_units_orders_like_utf16", "[base]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20000; ++round) {
    std::string texts[2];
    std::u16string units[2];
    for (int side = 0; side < 2; ++side) {
      for (int i = static_cast<int>(random() % 12); i > 0; --i)
        texts[side] += encode(i > 3 ? U'a' : random_code(random));
      append_utf16(texts[side], units[side]);
    }
    const int order = units[0].compare(units[1]);
    REQUIRE(compare_code_units(texts[0], texts[1]) == (order > 0) - (order < 0));
    std::string back;
    append_utf8(units[0], back);
    REQUIRE(back == texts[0]);
  }
}

TEST_CASE("clean_utf8_accepts_exactly_the_well_formed_sequences", "[base]") {
  for (const char* text :
       {"", "abc", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf",
        "12345678\xc3\xa9"
        "12345678"}) {
    INFO(text);
    std::string out;
    CHECK(is_clean_utf8(text));
    CHECK(append_clean_utf8(text, out));
    CHECK(out == text);
  }
  for (const char* text : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
                           "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82",
                           "\xf0\x9f\x98", "\xff", "12345678\xc3", "\xe2\x28\xa1"}) {
    std::string out = "before";
    CHECK_FALSE(is_clean_utf8(text));
    CHECK_FALSE(append_clean_utf8(text, out));
    CHECK(out == "before");
  }
}

TEST_CASE("encoded_surrogates_become_the_replacement_or_their_character", "[base]") {
  const auto cleaned = [](const char* text) {
    std::string out;
    REQUIRE_FALSE(is_clean_utf8(text));
    REQUIRE(append_clean_utf8(text, out));
    return out;
  };
  CHECK(cleaned("a\xed\xa0\x80z") == "a\xef\xbf\xbdz");
  CHECK(cleaned("\xed\xb0\x80\xed\xa0\x80") == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(cleaned("\xed\xa0\xbd\xed\xb8\x80") == "\xf0\x9f\x98\x80");
  CHECK(cleaned("\xed\xa0\xbd\xed\xa0\xbd\xed\xb8\x80") == "\xef\xbf\xbd\xf0\x9f\x98\x80");
}

TEST_CASE("append_utf8_replaces_unpaired_units", "[base]") {
  const char16_t units[] = {0xd83d, u'a', 0xde00, 0xd83d, 0xde00, 0xd83d};
  std::string out;
  append_utf8({units, 6}, out);
  CHECK(out ==
        "\xef\xbf\xbd"
        "a"
        "\xef\xbf\xbd\xf0\x9f\x98\x80\xef\xbf\xbd");
}
