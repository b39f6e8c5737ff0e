// The help text in the form of a manual page: sections, eighty columns, words wrapped.
#include "flags.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::size_t kColumns = 80;

/// Appends words, each line behind `indent` spaces.
void wrap(std::string_view text, std::size_t indent, std::string& out) {
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column != 0 && column + 1 + end > kColumns) {
      out.push_back('\n');
      column = 0;
    }
    if (column == 0) {
      out.append(indent, ' ');
      column = indent;
    } else {
      out.push_back(' ');
      ++column;
    }
    out.append(text.substr(0, end));
    column += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out.push_back('\n');
}

void section(std::string_view title, std::string_view text, std::string& out) {
  out.append(title).append("\n");
  wrap(text, 7, out);
  out.push_back('\n');
}

std::string present_value(const Flag& flag) {
  if (auto* const* text = std::get_if<std::string*>(&flag.at)) return **text;
  if (auto* const* number = std::get_if<std::int64_t*>(&flag.at)) return std::to_string(**number);
  return {};
}

void describe(const Flag& flag, std::string& out) {
  out.append("       ");
  if (!flag.letter.empty()) out.append("-").append(flag.letter).append(", ");
  out.append("--").append(flag.name);
  if (!flag.value.empty()) out.append(" ").append(flag.value);
  out.push_back('\n');
  std::string text(flag.help);
  if (const std::string value = present_value(flag); !value.empty()) text += " Default: " + value;
  if (std::holds_alternative<std::int64_t*>(flag.at))
    text += ", " + std::to_string(flag.lowest) + " to " + std::to_string(flag.highest) + ".";
  else if (!present_value(flag).empty())
    text += ".";
  if (std::holds_alternative<std::vector<std::string>*>(flag.at)) text += " May be repeated.";
  text += " Environment: " + environment_name(flag.name);
  for (const std::string_view older : flag.older) text.append(", ").append(older);
  wrap(text + ".", 14, out);
  out.push_back('\n');
}

}  // namespace

std::string manual_page(const Manual& manual, std::span<const Flag> flags) {
  std::string out;
  section("NAME", std::string(manual.name) + " - " + std::string(manual.summary), out);
  section("SYNOPSIS", manual.synopsis, out);
  section("DESCRIPTION", manual.description, out);
  out += "OPTIONS\n";
  std::string_view present;
  for (const Flag& flag : flags) {
    if (flag.section != present) out.append("   ").append(flag.section).append("\n");
    present = flag.section;
    describe(flag, out);
  }
  return out.append(manual.end);
}

}  // namespace vuer_rtc::server
