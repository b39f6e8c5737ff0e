#include "flags.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

namespace vuer_rtc::server {
namespace {

using nlohmann::json;

constexpr std::string_view kConfigFlag = "config";

/// What one source says about one flag; `shown` is how the user wrote it.
struct Assignment {
  const Flag* flag = nullptr;
  std::string shown;
  std::string value;
};
using Assignments = std::vector<Assignment>;

Error refuse(std::string_view name, std::string_view why) {
  return make_error(ErrorCode::BadOperation, std::string(name) + ": " + std::string(why));
}

const Flag* find(std::span<const Flag> flags, std::string_view name) {
  const auto at =
      std::find_if(flags.begin(), flags.end(), [&](const Flag& one) { return one.name == name; });
  return at == flags.end() ? nullptr : &*at;
}

/// As on a command line: --name or -letter.
const Flag* find_shown(std::span<const Flag> flags, std::string_view shown) {
  if (shown.starts_with("--")) return find(flags, shown.substr(2));
  const auto at = std::find_if(flags.begin(), flags.end(), [&](const Flag& one) {
    return !one.letter.empty() && one.letter == shown.substr(1);
  });
  return at == flags.end() ? nullptr : &*at;
}

bool is_toggle(const Flag& flag) { return std::holds_alternative<bool*>(flag.at); }
bool is_list(const Flag& flag) {
  return std::holds_alternative<std::vector<std::string>*>(flag.at);
}

Status set_number(const Assignment& one, std::int64_t& out) {
  const char* end = one.value.data() + one.value.size();
  std::int64_t parsed = 0;
  const auto [stop, error] = std::from_chars(one.value.data(), end, parsed);
  if (error == std::errc{} && stop == end && parsed >= one.flag->lowest &&
      parsed <= one.flag->highest) {
    out = parsed;
    return {};
  }
  return refuse(one.shown, "a whole number from " + std::to_string(one.flag->lowest) + " to " +
                               std::to_string(one.flag->highest));
}

Status set(const Assignment& one) {
  if (auto* const* text = std::get_if<std::string*>(&one.flag->at)) {
    **text = one.value;
  } else if (auto* const* list = std::get_if<std::vector<std::string>*>(&one.flag->at)) {
    (*list)->push_back(one.value);
  } else if (auto* const* toggle = std::get_if<bool*>(&one.flag->at)) {
    if (one.value != "1" && one.value != "true" && one.value != "0" && one.value != "false")
      return refuse(one.shown, "true or false");
    **toggle = one.value == "1" || one.value == "true";
  } else {
    return set_number(one, *std::get<std::int64_t*>(one.flag->at));
  }
  return {};
}

Status apply(const Assignments& source) {
  std::set<const Flag*> replaced;
  for (const Assignment& one : source) {
    if (is_list(*one.flag) && replaced.insert(one.flag).second)
      std::get<std::vector<std::string>*>(one.flag->at)->clear();
    if (Status status = set(one); !status) return status;
  }
  return {};
}

Result<Assignments> from_arguments(std::span<const Flag> flags,
                                   std::span<const std::string_view> arguments) {
  Assignments found;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (!argument.starts_with("-")) return refuse(argument, "unknown argument");
    const std::size_t equals = argument.find('=');
    const std::string shown(argument.substr(0, equals));
    const Flag* flag = find_shown(flags, shown);
    if (flag == nullptr) return refuse(shown, "unknown flag");
    std::string_view value = "true";
    if (equals != std::string_view::npos) {
      value = argument.substr(equals + 1);
    } else if (!is_toggle(*flag)) {
      if (++i == arguments.size()) return refuse(shown, "a value is missing");
      value = arguments[i];
    }
    found.push_back({flag, shown, std::string(value)});
  }
  return found;
}

Assignments from_environment(std::span<const Flag> flags, const Environment& environment) {
  Assignments found;
  for (const Flag& flag : flags) {
    std::string name = environment_name(flag.name);
    const char* value = environment(name.c_str());
    for (std::size_t i = 0; i < flag.older.size() && value == nullptr; ++i)
      value = environment((name = std::string(flag.older[i])).c_str());
    if (value == nullptr) continue;
    std::string_view rest = value;
    do {
      const std::size_t end = is_list(flag) ? rest.find(',') : std::string_view::npos;
      found.push_back({&flag, name, std::string(rest.substr(0, end))});
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    } while (!rest.empty());
  }
  return found;
}

/// The value of one key as the word a command line would hold; lists give several.
bool append_values(const Flag& flag, const std::string& shown, const json& value,
                   Assignments& found) {
  if (is_list(flag)) {
    if (!value.is_array()) return false;
    for (const json& element : value) {
      if (!element.is_string()) return false;
      found.push_back({&flag, shown, element.get<std::string>()});
    }
    return true;
  }
  const bool fits = is_toggle(flag)                                  ? value.is_boolean()
                    : std::holds_alternative<std::int64_t*>(flag.at) ? value.is_number_integer()
                                                                     : value.is_string();
  if (!fits) return false;
  found.push_back({&flag, shown, value.is_string() ? value.get<std::string>() : value.dump()});
  return true;
}

Result<Assignments> from_file(std::span<const Flag> flags, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return refuse(path, "cannot be read");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const json values = json::parse(text, nullptr, false);
  if (!values.is_object()) return refuse(path, "is not a JSON object");
  Assignments found;
  for (const auto& [name, value] : values.items()) {
    const std::string shown = path + ": " + name;
    const Flag* flag = find(flags, name);
    if (flag == nullptr || name == kConfigFlag) return refuse(shown, "unknown flag");
    if (!append_values(*flag, shown, value, found))
      return refuse(shown, "a value of another type is expected");
  }
  return found;
}

/// The value of --config in a source; empty: it is not there.
std::string config_path(const Assignments& source) {
  std::string path;
  for (const Assignment& one : source)
    if (one.flag->name == kConfigFlag) path = one.value;
  return path;
}

}  // namespace

std::string environment_name(std::string_view flag) {
  std::string name = "VUER_RTC_";
  for (const char c : flag)
    name.push_back(c == '-' ? '_' : static_cast<char>(c - ('a' <= c && c <= 'z' ? 'a' - 'A' : 0)));
  return name;
}

Status read_flags(std::span<const Flag> flags, std::span<const std::string_view> arguments,
                  const Environment& environment) {
  const Result<Assignments> given = from_arguments(flags, arguments);
  if (!given) return given.error();
  const Assignments surroundings = from_environment(flags, environment);
  std::string path = config_path(*given);
  if (path.empty()) path = config_path(surroundings);
  if (!path.empty()) {
    const Result<Assignments> stored = from_file(flags, path);
    if (!stored) return stored.error();
    if (Status status = apply(*stored); !status) return status;
  }
  if (Status status = apply(surroundings); !status) return status;
  return apply(*given);
}

}  // namespace vuer_rtc::server
