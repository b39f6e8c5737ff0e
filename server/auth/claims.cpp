#include "auth/claims.hpp"

#include "protocol/json_reader.hpp"

namespace vuer_rtc::server {
namespace {

constexpr int kDeepestClaim = 16;

bool read_text(MsgReader& reader, std::string& out) {
  std::string_view view;
  if (reader.peek() != MsgType::String || !reader.read_string(view)) return false;
  out = view;
  return true;
}

}  // namespace

Result<Claims> Claims::read(std::string_view json) {
  const Error fault = make_error(ErrorCode::Forbidden, "token: not an object of single names");
  const Result<Bytes> bytes = json_to_msgpack(json, kDeepestClaim);
  if (!bytes) return fault;
  MsgReader reader(*bytes);
  std::uint32_t count = 0;
  if (reader.peek() != MsgType::Map || !reader.read_map(count)) return fault;
  Claims claims;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name;
    ByteSpan value;
    if (!read_text(reader, name) || !reader.read_raw(value)) return fault;
    if (!claims.fields_.emplace(name, Bytes(value.begin(), value.end())).second) return fault;
  }
  return claims;
}

MsgReader Claims::reader(const std::string& name) const {
  const auto at = fields_.find(name);
  return MsgReader(at == fields_.end() ? ByteSpan{} : ByteSpan(at->second));
}

std::optional<std::string> Claims::text(const std::string& name) const {
  MsgReader value = reader(name);
  std::string out;
  return read_text(value, out) ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<double> Claims::number(const std::string& name) const {
  MsgReader value = reader(name);
  double out = 0;
  if (value.peek() != MsgType::Number || !value.read_number(out)) return std::nullopt;
  return out;
}

bool Claims::names(const std::string& name, std::string_view wanted) const {
  MsgReader value = reader(name);
  std::uint32_t count = 1;
  if (value.peek() == MsgType::Array && !value.read_array(count)) return false;
  bool found = false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string one;
    if (!read_text(value, one)) return false;
    found = found || one == wanted;
  }
  return found;
}

std::optional<std::map<std::string, std::string>> Claims::texts(const std::string& name) const {
  MsgReader value = reader(name);
  std::uint32_t count = 0;
  if (value.peek() != MsgType::Map || !value.read_map(count)) return std::nullopt;
  std::map<std::string, std::string> out;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string key, text;
    if (!read_text(value, key) || !read_text(value, text)) return std::nullopt;
    if (!out.emplace(std::move(key), std::move(text)).second) return std::nullopt;
  }
  return out;
}

}  // namespace vuer_rtc::server
