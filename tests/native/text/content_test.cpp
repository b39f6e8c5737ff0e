// Content stays where it is, and goes on in place while there is room.
#include "text/content.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using vuer_rtc::Content;

TEST_CASE("content_never_moves_and_is_mostly_in_a_row") {
  Content content;
  std::vector<const char16_t*> places;
  std::size_t breaks = 0;
  for (int i = 0; i < 20'000; ++i) {
    const char16_t unit = static_cast<char16_t>('a' + i % 26);
    const char16_t* end = content.end();
    const bool has_room = content.room() > 0;
    places.push_back(content.append({&unit, 1}));
    REQUIRE((places.back() == end) == has_room);
    breaks += !has_room;
  }
  for (int i = 0; i < 20'000; ++i) REQUIRE(*places[i] == static_cast<char16_t>('a' + i % 26));
  CHECK(breaks == content.block_count());
  CHECK(breaks < 30);
}

TEST_CASE("content_keeps_a_long_insert_in_one_row") {
  Content content;
  content.append(u"x");
  const std::u16string text(100'000, u'y');
  const char16_t* at = content.append(text);
  CHECK(std::u16string_view(at, text.size()) == text);
  CHECK(content.end() == at + text.size());
}
