#include "auth/origin.hpp"

#include <algorithm>
#include <cctype>

namespace vuer_rtc::server {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// The host of "host:port" or "[v6]:port"; an empty one when there is anything odd.
std::string_view host_name(std::string_view authority) {
  if (authority.find_first_of("/@?#\\ ") != std::string_view::npos) return {};
  const std::size_t end =
      authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':');
  const std::string_view name = authority.substr(0, end);
  std::string_view port = authority.substr(name.size());
  if (port.empty()) return name;
  port.remove_prefix(1);
  const bool digits = !port.empty() && std::all_of(port.begin(), port.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  return digits && authority[name.size()] == ':' ? name : std::string_view{};
}

/// Four numbers up to 255, written plainly.
bool is_v4_address(std::string_view name) {
  for (int i = 0; i < 4; ++i) {
    const std::size_t end = std::min(name.find('.'), name.size());
    const std::string_view part = name.substr(0, end);
    const bool digits =
        std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (part.empty() || part.size() > 3 || !digits || (part.size() > 1 && part[0] == '0'))
      return false;
    if (part.size() == 3 && part > "255") return false;
    if ((end == name.size()) != (i == 3)) return false;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return true;
}

std::string without_default_port(std::string authority, std::string_view port) {
  if (authority.ends_with(port)) authority.resize(authority.size() - port.size());
  return authority;
}

}  // namespace

bool is_loopback(std::string_view name) {
  if (name == "localhost" || name == "::1" || name == "[::1]") return true;
  return name.starts_with("127.") && is_v4_address(name);
}

bool is_origin_allowed(std::string_view origin, std::string_view host,
                       std::span<const std::string> extra) {
  if (origin.empty() || origin == "null") return false;
  if (std::find(extra.begin(), extra.end(), origin) != extra.end()) return true;
  const std::string page = lower(origin);
  std::string_view authority = page, port;
  if (authority.starts_with("http://")) {
    authority.remove_prefix(7);
    port = ":80";
  } else if (authority.starts_with("https://")) {
    authority.remove_prefix(8);
    port = ":443";
  } else {
    return false;
  }
  const std::string_view name = host_name(authority);
  if (name.empty()) return false;
  if (is_loopback(name)) return true;
  return without_default_port(std::string(authority), port) ==
         without_default_port(lower(host), port);
}

}  // namespace vuer_rtc::server
