#include "http/target.hpp"

#include <charconv>

#include "protocol/utf8.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::size_t kMaxRoomCharacters = 128;

bool decode(std::string_view text, bool plus_is_space, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    if (text.size() - i < 3) return false;
    unsigned value = 0;
    const char* from = text.data() + i + 1;
    const auto [end, error] = std::from_chars(from, from + 2, value, 16);
    if (error != std::errc{} || end != from + 2) return false;
    out.push_back(static_cast<char>(value));
    i += 2;
  }
  return is_utf8(out);
}

std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

}  // namespace

const std::string* Target::item(const std::string& name) const {
  const auto at = query.find(name);
  return at == query.end() ? nullptr : &at->second;
}

Result<std::uint64_t> Target::whole(const std::string& name, std::uint64_t standard,
                                    std::uint64_t most) const {
  const std::string* text = item(name);
  if (text == nullptr) return standard;
  std::uint64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [at, error] = std::from_chars(text->data(), end, value);
  if (error == std::errc{} && at == end && value <= most) return value;
  return make_error(ErrorCode::BadFrame,
                    name + ": is not a whole number up to " + std::to_string(most));
}

std::optional<Target> parse_target(std::string_view text) {
  if (!text.starts_with('/')) return std::nullopt;
  text = text.substr(0, text.find('#'));
  std::string_view query = text;
  std::string_view path = cut(query, '?').substr(1);
  Target target;
  std::string name, value;
  for (bool more = !path.empty(); more;) {
    more = path.find('/') != std::string_view::npos;
    if (!decode(cut(path, '/'), false, value)) return std::nullopt;
    target.segments.push_back(value);
  }
  while (!query.empty()) {
    std::string_view item = cut(query, '&');
    const std::string_view raw_name = cut(item, '=');
    if (!decode(raw_name, true, name) || !decode(item, true, value)) return std::nullopt;
    target.query.emplace(name, value);
  }
  return target;
}

bool is_room_name(std::string_view name) {
  return !name.empty() && is_utf8(name) && count_characters(name) <= kMaxRoomCharacters;
}

}  // namespace vuer_rtc::server
