// UTF-8 and UTF-16: cleaning of input, conversion, and the order of strings by UTF-16 code units
// (law, section 2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/words.hpp"

namespace vuer_rtc {

/// Appends `in` to `out` with every encoded surrogate (three bytes) as U+FFFD, a pair of them as
/// its character. False, and nothing appended, when the bytes are not UTF-8 otherwise.
bool append_clean_utf8(std::string_view in, std::string& out);
/// As is_clean_utf8, for any bytes.
bool is_clean_beyond_ascii(std::string_view in);

inline bool is_ascii(std::string_view in) {
  std::uint64_t seen = 0;
  for_each_word(in, [&](std::uint64_t word) { seen |= word; });
  return (seen & 0x8080808080808080ull) == 0;
}

/// True when `in` is UTF-8 without surrogates: what append_clean_utf8 would leave as it is.
inline bool is_clean_utf8(std::string_view in) { return is_ascii(in) || is_clean_beyond_ascii(in); }

/// -1, 0, 1: the order of the UTF-16 code units of two clean UTF-8 strings, without converting
/// them.
int compare_code_units(std::string_view a, std::string_view b);

inline bool is_high_surrogate(char16_t unit) { return (unit & 0xfc00) == 0xd800; }
inline bool is_low_surrogate(char16_t unit) { return (unit & 0xfc00) == 0xdc00; }

/// Clean UTF-8 to UTF-16, appended.
void append_utf16(std::string_view utf8, std::u16string& out);
/// UTF-16 to UTF-8, appended; an unpaired surrogate becomes U+FFFD.
void append_utf8(std::u16string_view units, std::string& out);

}  // namespace vuer_rtc
