// Conversion between JSON and MessagePack for tests, and a parser that takes lone surrogate
// escapes.
#include "json_messages.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

using nlohmann::json;

namespace {

void write(const json& value, MsgWriter& writer) {
  switch (value.type()) {
    case json::value_t::boolean:
      return writer.boolean(value.get<bool>());
    case json::value_t::number_float:
      return writer.float64(value.get<double>());
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
      return writer.number(value.get<double>());
    case json::value_t::string:
      return writer.string(value.get_ref<const std::string&>());
    case json::value_t::array:
      writer.array(static_cast<std::uint32_t>(value.size()));
      for (const json& element : value) write(element, writer);
      return;
    case json::value_t::object:
      writer.map(static_cast<std::uint32_t>(value.size()));
      for (const auto& [key, member] : value.items()) {
        writer.string(key);
        write(member, writer);
      }
      return;
    case json::value_t::binary:
      return writer.binary(ByteSpan(value.get_binary().data(), value.get_binary().size()));
    default:
      return writer.nil();
  }
}

void must(bool condition) {
  if (!condition) throw std::runtime_error("json_of: not a JSON value");
}

json number_json(double number) {
  const double limit = static_cast<double>(kMaxInteger);
  const bool whole = number == std::floor(number) && std::fabs(number) <= limit;
  const bool negative_zero = number == 0 && std::signbit(number);
  if (whole && !negative_zero) return json(static_cast<std::int64_t>(number));
  return json(number);
}

json read(MsgReader& reader);

json read_array(MsgReader& reader) {
  std::uint32_t count = 0;
  must(reader.read_array(count));
  json result = json::array();
  for (std::uint32_t i = 0; i < count; ++i) result.push_back(read(reader));
  return result;
}

json read_map(MsgReader& reader) {
  std::uint32_t count = 0;
  must(reader.read_map(count));
  json result = json::object();
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view key;
    must(reader.read_string(key));
    result[std::string(key)] = read(reader);
  }
  return result;
}

json read(MsgReader& reader) {
  bool flag = false;
  double number = 0;
  std::string_view text;
  ByteSpan bytes;
  switch (reader.peek()) {
    case MsgType::Nil:
      must(reader.read_nil());
      return nullptr;
    case MsgType::Boolean:
      must(reader.read_boolean(flag));
      return flag;
    case MsgType::Number:
      must(reader.read_number(number));
      return number_json(number);
    case MsgType::String:
      must(reader.read_string(text));
      return std::string(text);
    case MsgType::Array:
      return read_array(reader);
    case MsgType::Binary:
      must(reader.read_binary(bytes));
      return json::binary({bytes.begin(), bytes.end()});
    case MsgType::Map:
      return read_map(reader);
    default:
      throw std::runtime_error("json_of: not a JSON value");
  }
}

// The code unit of a "\uXXXX" escape at `at`, or -1.
int escaped_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

bool is_high(int unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool is_low(int unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

}  // namespace

Bytes msgpack_of(const json& value) {
  Bytes out;
  MsgWriter writer(out);
  write(value, writer);
  return out;
}

json json_of(ByteSpan bytes) {
  MsgReader reader(bytes);
  json result = read(reader);
  must(reader.at_end());
  return result;
}

json parse_json(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = text[at] == '\\' ? 2 : 1;
    const int unit = escaped_unit(text, at);
    if (unit >= 0) length = 6;
    if (is_high(unit) && is_low(escaped_unit(text, at + 6))) {
      length = 12;
    } else if (is_high(unit) || is_low(unit)) {
      clean += "\\ufffd";
      at += length;
      continue;
    }
    clean += text.substr(at, length);
    at += length;
  }
  return json::parse(clean);
}

std::string read_test_file(const std::string& path) {
  std::ifstream file(std::string(RTC_TESTS_DIR) + "/" + path, std::ios::binary);
  if (!file) throw std::runtime_error("no such test file: " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool near(const json& a, const json& b, double tolerance) {
  if (a.is_number() && b.is_number()) {
    const double x = a.get<double>(), y = b.get<double>();
    return std::fabs(x - y) <= tolerance * std::max({1.0, std::fabs(x), std::fabs(y)});
  }
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (a.is_array()) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!near(a[i], b[i], tolerance)) return false;
    }
    return true;
  }
  if (a.is_object()) {
    for (const auto& [key, member] : a.items()) {
      if (!b.contains(key) || !near(member, b[key], tolerance)) return false;
    }
    return true;
  }
  return a == b;
}

}  // namespace vuer_rtc
