// UTF-8 at the JSON edge: decode one character, append one character. Invalid bytes and encoded
// surrogates are U+FFFD, so that text frames are valid whatever a MessagePack peer put into a
// string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vuer_rtc::server {

inline constexpr char32_t kReplacement = 0xfffd;

/// Appends one character (below 0x110000).
template <class Out>
void append_utf8_char(char32_t c, Out& out) {
  const auto put = [&](char32_t byte) {
    out.push_back(static_cast<typename Out::value_type>(byte));
  };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xe0 | c >> 12);
    } else {
      put(0xf0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3f));
    }
    put(0x80 | (c >> 6 & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

/// The bytes of the valid character (no surrogate, not overlong) at the start of `text`; 0: there
/// is none.
std::size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);
/// How many characters valid UTF-8 holds.
std::size_t count_characters(std::string_view text);

}  // namespace vuer_rtc::server
