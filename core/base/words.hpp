// Strings eight bytes at a time: the last load overlaps the one before it, so that no loop goes
// over single bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace vuer_rtc {

inline std::uint64_t word_at(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Up to seven bytes as one number; of strings of one length it tells them apart.
inline std::uint64_t short_word(const char* at, std::size_t size) {
  if (size >= 4) {
    std::uint32_t first, last;
    std::memcpy(&first, at, sizeof first);
    std::memcpy(&last, at + size - 4, sizeof last);
    return first | std::uint64_t{last} << 32;
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) word = word << 8 | static_cast<std::uint8_t>(at[i]);
  return word;
}

/// Calls visit(word) for words that hold every byte of the string at least once, and nothing else.
template <class Visit>
void for_each_word(std::string_view text, Visit visit) {
  const std::size_t size = text.size();
  if (size < 8) return visit(short_word(text.data(), size));
  for (std::size_t at = 0; at + 8 < size; at += 8) visit(word_at(text.data() + at));
  visit(word_at(text.data() + size - 8));
}

inline bool is_same_text(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size < 8) return short_word(a.data(), size) == short_word(b.data(), size);
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    if (word_at(a.data() + at) != word_at(b.data() + at)) return false;
  }
  return word_at(a.data() + size - 8) == word_at(b.data() + size - 8);
}

}  // namespace vuer_rtc
