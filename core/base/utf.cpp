// UTF-8 by its table of well-formed sequences (Unicode, table 3-7). The order by UTF-16 code units
// differs from the order of bytes in one thing only: characters from U+10000 on come before
// U+E000..U+FFFF.
#include "base/utf.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace vuer_rtc {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

struct Sequence {
  char32_t code = 0;
  std::size_t length = 0;  // 0: not UTF-8, not even with surrogates
};

bool is_continuation(std::uint8_t byte) { return (byte & 0xc0) == 0x80; }

std::uint32_t low_bits(std::uint8_t byte) { return byte & 0x3fu; }

/// One sequence of two or more bytes; encoded surrogates pass as their code.
Sequence decode_long(const std::uint8_t* at, std::size_t left) {
  const std::uint8_t lead = at[0];
  if (lead < 0xc2 || lead > 0xf4) return {};
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (length > left) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(at[i])) return {};
  }
  if (length == 2) return {((lead & 0x1fu) << 6) | low_bits(at[1]), 2};
  if (length == 3) {
    const char32_t code = ((lead & 0x0fu) << 12) | (low_bits(at[1]) << 6) | low_bits(at[2]);
    return {code, code < 0x800 ? 0u : 3u};
  }
  const char32_t code =
      ((lead & 0x07u) << 18) | (low_bits(at[1]) << 12) | (low_bits(at[2]) << 6) | low_bits(at[3]);
  return {code, code < 0x10000 || code > 0x10ffff ? 0u : 4u};
}

bool is_surrogate(char32_t code) { return code >= 0xd800 && code <= 0xdfff; }

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::size_t ascii_prefix(const std::uint8_t* at, std::size_t size) {
  std::size_t i = 0;
  for (std::uint64_t word; i + 8 <= size; i += 8) {
    std::memcpy(&word, at + i, 8);
    if (word & 0x8080808080808080ull) break;
  }
  while (i < size && at[i] < 0x80) ++i;
  return i;
}

std::size_t ascii_prefix(std::u16string_view units) {
  std::size_t i = 0;
  for (std::uint64_t word; i + 4 <= units.size(); i += 4) {
    std::memcpy(&word, units.data() + i, 8);
    if (word & 0xff80ff80ff80ff80ull) break;
  }
  while (i < units.size() && units[i] < 0x80) ++i;
  return i;
}

/// A character beyond ASCII.
void append_code(char32_t code, std::string& out) {
  if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | (code >> 6)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else {
    if (code < 0x10000) {
      out.push_back(static_cast<char>(0xe0 | (code >> 12)));
    } else {
      out.push_back(static_cast<char>(0xf0 | (code >> 18)));
      out.push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3f)));
    }
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

char32_t join_pair(char32_t high, char32_t low) {
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/// Rank of a byte in the order by code units: leads of U+E000..U+FFFF (0xee, 0xef) after those of
/// astral characters.
int rank(std::uint8_t byte) { return byte >= 0xf0 ? byte - 2 : byte >= 0xee ? byte + 5 : byte; }

}  // namespace

bool is_clean_beyond_ascii(std::string_view in) {
  const std::uint8_t* at = bytes_of(in);
  std::size_t i = ascii_prefix(at, in.size());
  while (i < in.size()) {
    const Sequence sequence = decode_long(at + i, in.size() - i);
    if (sequence.length == 0 || is_surrogate(sequence.code)) return false;
    i += sequence.length;
    i += ascii_prefix(at + i, in.size() - i);
  }
  return true;
}

bool append_clean_utf8(std::string_view in, std::string& out) {
  const std::size_t start = out.size();
  const std::uint8_t* at = bytes_of(in);
  for (std::size_t i = 0; i < in.size();) {
    const std::size_t plain = ascii_prefix(at + i, in.size() - i);
    out.append(in, i, plain);
    i += plain;
    if (i == in.size()) break;
    const Sequence sequence = decode_long(at + i, in.size() - i);
    if (sequence.length == 0) {
      out.resize(start);
      return false;
    }
    i += sequence.length;
    if (!is_surrogate(sequence.code)) {
      out.append(in, i - sequence.length, sequence.length);
      continue;
    }
    const Sequence next =
        i < in.size() && at[i] >= 0x80 ? decode_long(at + i, in.size() - i) : Sequence{};
    if (sequence.code < 0xdc00 && next.code >= 0xdc00 && next.code <= 0xdfff) {
      append_code(join_pair(sequence.code, next.code), out);
      i += next.length;
    } else {
      out.append(kReplacement);
    }
  }
  return true;
}

int compare_code_units(std::string_view a, std::string_view b) {
  const std::size_t shorter = a.size() < b.size() ? a.size() : b.size();
  const std::uint8_t* left = bytes_of(a);
  const std::uint8_t* right = bytes_of(b);
  std::size_t i = 0;
  for (std::uint64_t x, y; i + 8 <= shorter; i += 8) {
    std::memcpy(&x, left + i, 8);
    std::memcpy(&y, right + i, 8);
    if (x != y) break;
  }
  for (; i < shorter; ++i) {
    if (left[i] != right[i]) return rank(left[i]) < rank(right[i]) ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

void append_utf16(std::string_view utf8, std::u16string& out) {
  const std::uint8_t* at = bytes_of(utf8);
  for (std::size_t i = 0; i < utf8.size();) {
    if (at[i] < 0x80) {
      const std::size_t plain = ascii_prefix(at + i, utf8.size() - i);
      out.resize(out.size() + plain);
      std::copy_n(at + i, plain, out.end() - static_cast<std::ptrdiff_t>(plain));
      i += plain;
      continue;
    }
    const Sequence sequence = decode_long(at + i, utf8.size() - i);
    if (sequence.length == 4) {
      const char32_t rest = sequence.code - 0x10000;
      out.push_back(static_cast<char16_t>(0xd800 + (rest >> 10)));
      out.push_back(static_cast<char16_t>(0xdc00 + (rest & 0x3ff)));
    } else {
      out.push_back(sequence.length == 0 ? u'\ufffd' : static_cast<char16_t>(sequence.code));
    }
    i += sequence.length == 0 ? 1 : sequence.length;
  }
}

void append_utf8(std::u16string_view units, std::string& out) {
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::size_t plain = ascii_prefix(units.substr(i));
    out.resize(out.size() + plain);
    std::copy_n(units.data() + i, plain, out.end() - static_cast<std::ptrdiff_t>(plain));
    i += plain;
    if (i == units.size()) break;
    const char16_t unit = units[i];
    if (is_high_surrogate(unit) && i + 1 < units.size() && is_low_surrogate(units[i + 1])) {
      append_code(join_pair(unit, units[++i]), out);
    } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
      out.append(kReplacement);
    } else {
      append_code(unit, out);
    }
  }
}

}  // namespace vuer_rtc
