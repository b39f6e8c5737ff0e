#include "protocol/json_writer.hpp"

#include <charconv>
#include <cmath>

#include "protocol/base64.hpp"
#include "protocol/utf8.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc::server {
namespace {

constexpr int kMaxDepth = 256;  // deeper than any state of a document

class JsonWriter {
 public:
  JsonWriter(ByteSpan bytes, std::string& out) : reader_(bytes), out_(out) {}

  bool value(int depth) {
    switch (reader_.peek()) {
      case MsgType::Nil:
        return reader_.read_nil() && (out_ += "null", true);
      case MsgType::Boolean:
        return boolean();
      case MsgType::Number:
        return number();
      case MsgType::String:
        return string();
      case MsgType::Binary:
        return binary();
      case MsgType::Array:
        return depth < kMaxDepth && array(depth);
      case MsgType::Map:
        return depth < kMaxDepth && map(depth);
      default:
        return false;
    }
  }
  bool at_end() const { return reader_.at_end(); }

 private:
  bool boolean() {
    bool value = false;
    if (!reader_.read_boolean(value)) return false;
    out_ += value ? "true" : "false";
    return true;
  }
  bool number() {
    double value = 0;
    if (!reader_.read_number(value)) return false;
    append_json_number(value, out_);
    return true;
  }
  bool string() {
    std::string_view text;
    if (!reader_.read_string(text)) return false;
    append_json_string(text, out_);
    return true;
  }
  bool binary() {
    ByteSpan bytes;
    if (!reader_.read_binary(bytes)) return false;
    out_.push_back('"');
    append_base64(bytes, out_);
    out_.push_back('"');
    return true;
  }
  bool array(int depth) {
    std::uint32_t count = 0;
    if (!reader_.read_array(count)) return false;
    out_.push_back('[');
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i != 0) out_.push_back(',');
      if (!value(depth + 1)) return false;
    }
    out_.push_back(']');
    return true;
  }
  bool map(int depth) {
    std::uint32_t count = 0;
    if (!reader_.read_map(count)) return false;
    out_.push_back('{');
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i != 0) out_.push_back(',');
      if (reader_.peek() != MsgType::String || !string()) return false;
      out_.push_back(':');
      if (!value(depth + 1)) return false;
    }
    out_.push_back('}');
    return true;
  }

  MsgReader reader_;
  std::string& out_;
};

void append_escaped(char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u00";
  out.push_back(kDigits[c >> 4]);
  out.push_back(kDigits[c & 15]);
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out.push_back('"');
  while (!text.empty()) {
    const char c = text.front();
    std::size_t length = 1;
    if (c == '"' || c == '\\' || (c >= 0 && c < 0x20)) {
      append_escaped(c, out);
    } else if ((length = utf8_length(text)) != 0) {
      out.append(text.substr(0, length));
    } else {
      append_utf8_char(kReplacement, out);
      length = 1;
    }
    text.remove_prefix(length);
  }
  out.push_back('"');
}

void append_json_number(double value, std::string& out) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char buffer[32];
  const double whole = static_cast<double>(kMaxInteger);
  std::to_chars_result end{};
  if (value == std::trunc(value) && std::abs(value) <= whole) {
    end = std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(value));
  } else {
    end = std::to_chars(buffer, buffer + sizeof buffer, value);
  }
  out.append(buffer, end.ptr);
}

Result<std::string> msgpack_to_json(ByteSpan bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  JsonWriter writer(bytes, out);
  if (!writer.value(0) || !writer.at_end()) {
    return make_error(ErrorCode::BadFrame, "MessagePack that JSON cannot hold");
  }
  return out;
}

}  // namespace vuer_rtc::server
