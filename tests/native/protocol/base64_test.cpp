#include "protocol/base64.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc;
using namespace vuer_rtc::server;

TEST_CASE("base64_goes_there_and_back") {
  for (std::size_t size = 0; size < 70; ++size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + size);
    std::string text;
    append_base64(bytes, text);
    CHECK(text.size() == (size + 2) / 3 * 4);
    CHECK(decode_base64(text) == bytes);
  }
}

TEST_CASE("base64_reads_text_without_padding") { CHECK(decode_base64("/w") == Bytes{0xff}); }

TEST_CASE("base64_refuses_other_characters") {
  CHECK_FALSE(decode_base64("a-_b").has_value());
  CHECK_FALSE(decode_base64("abcde").has_value());
  CHECK_FALSE(decode_base64("ab=c").has_value());
}
