#include "protocol/table/change.hpp"

#include <algorithm>

namespace vuer_rtc::table {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace

Dialect dialect_of(std::string_view site) {
  const bool is_causal = site.size() == 32 && std::all_of(site.begin(), site.end(), is_hex);
  return is_causal ? Dialect::Causal : Dialect::Plain;
}

bool is_site(std::string_view text) {
  const auto is_fine = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_fine);
}

bool is_name(std::string_view text) {
  const auto is_fine = [](char c) { return is_letter(c) || is_digit(c); };
  return !text.empty() && text.size() <= 128 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), is_fine);
}

}  // namespace vuer_rtc::table
