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

std::string without_default_port(std::string authority, std::string_view port) {
  if (authority.ends_with(port)) authority.resize(authority.size() - port.size());
  return authority;
}

}  // namespace

bool is_loopback(std::string_view name) {
  if (name == "localhost" || name == "::1" || name == "[::1]") return true;
  const bool numeric = std::all_of(name.begin(), name.end(),
                                   [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  return numeric && name.starts_with("127.") && std::count(name.begin(), name.end(), '.') == 3;
}

bool is_origin_allowed(std::string_view origin, std::string_view host,
                       std::span<const std::string> extra) {
  if (origin.empty()) return true;
  if (origin == "null") return false;
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
