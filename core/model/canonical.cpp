// Any MessagePack value to the one form in which equal values have equal bytes (law, sections 4 and
// 11).
//
// A map is written as it comes; only when its keys stand in another order are its members put in
// order afterwards.
#include <algorithm>
#include <cmath>
#include <string>

#include "base/sort.hpp"
#include "base/utf.hpp"
#include "model/value.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

namespace {

constexpr std::size_t kUsualBytes = 128;  // of an object or array

struct Member {
  std::string_view key;
  ByteSpan bytes;  // key and value
};

class Canonical {
 public:
  Canonical(MsgReader& reader, Bytes& out) : reader_(reader), out_(out), writer_(out) {}

  /// `room`: how many levels may still open.
  bool value(int room) {
    double number;
    bool flag;
    switch (reader_.peek()) {
      case MsgType::Nil:
        return reader_.read_nil() && (writer_.nil(), true);
      case MsgType::Boolean:
        return reader_.read_boolean(flag) && (writer_.boolean(flag), true);
      case MsgType::Number:
        if (!reader_.read_number(number) || !std::isfinite(number)) return false;
        writer_.float64(number + 0.0);
        return true;
      case MsgType::String:
        return text();
      case MsgType::Array:
        return room > 0 && array(room - 1);
      case MsgType::Map:
        return room > 0 && map(room - 1);
      default:
        return false;
    }
  }

 private:
  bool text() {
    std::string_view in;
    if (!reader_.read_string(in)) return false;
    if (is_clean_utf8(in)) return writer_.string(in), true;
    std::string cleaned;
    if (!append_clean_utf8(in, cleaned)) return false;
    writer_.string(cleaned);
    return true;
  }

  bool array(int room) {
    std::uint32_t count;
    if (!reader_.read_array(count)) return false;
    writer_.array(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!value(room)) return false;
    }
    return true;
  }

  bool map(int room) {
    std::uint32_t count;
    if (!reader_.read_map(count)) return false;
    writer_.map(count);
    const std::size_t begin = out_.size();
    std::size_t before = begin;
    bool ordered = true;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::size_t at = out_.size();
      if (reader_.peek() != MsgType::String || !text()) return false;
      ordered = ordered && (i == 0 || key_at(before) < key_at(at));
      before = at;
      if (!value(room)) return false;
    }
    return ordered || put_in_order(begin, count);
  }

  /// The key that was written at an offset.
  std::string_view key_at(std::size_t offset) const {
    std::string_view key;
    MsgReader(out_.data() + offset, out_.data() + out_.size()).read_string(key);
    return key;
  }

  bool put_in_order(std::size_t begin, std::uint32_t count) {
    const Bytes written(out_.begin() + static_cast<std::ptrdiff_t>(begin), out_.end());
    MsgReader reader{ByteSpan(written)};
    std::vector<Member> members(count);
    for (Member& member : members) {
      const std::uint8_t* from = reader.position();
      reader.read_string(member.key);
      reader.skip();
      member.bytes = {from, reader.position()};
    }
    const auto by_key = [](const Member& a, const Member& b) { return a.key < b.key; };
    sort_range(members.begin(), members.end(), by_key);
    out_.resize(begin);
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0 && members[i - 1].key == members[i].key) return false;
      writer_.raw(members[i].bytes);
    }
    return true;
  }

  MsgReader& reader_;
  Bytes& out_;
  MsgWriter writer_;
};

bool read_string_value(MsgReader& reader, Value& out) {
  std::string_view in;
  if (!reader.read_string(in)) return false;
  if (is_clean_utf8(in)) return out = Value::string(in), true;
  std::string cleaned;
  if (!append_clean_utf8(in, cleaned)) return false;
  out = Value::string(cleaned);
  return true;
}

/// An array of up to four numbers, the common case; the reader stays where it was when it is
/// anything else.
bool read_few_numbers(MsgReader& reader, Value& out) {
  const std::uint8_t* head = reader.position();
  const unsigned count = *head & 0x0fu;
  if ((*head & 0xf0) != 0x90 || count > 4) return false;
  MsgReader ahead(head + 1, head + reader.left());
  double numbers[4];
  for (unsigned i = 0; i < count; ++i) {
    if (!ahead.read_number(numbers[i]) || !std::isfinite(numbers[i])) return false;
  }
  out = Value::numbers(numbers, static_cast<int>(count));
  reader = ahead;
  return true;
}

}  // namespace

bool append_canonical(MsgReader& reader, Bytes& out, int max_depth) {
  const std::size_t size = out.size();
  if (Canonical(reader, out).value(max_depth)) return true;
  out.resize(size);
  return false;
}

bool read_value(MsgReader& reader, Value& out, int max_depth) {
  double number;
  bool flag;
  switch (reader.peek()) {
    case MsgType::Nil:
      return reader.read_nil() && (out = Value::null(), true);
    case MsgType::Boolean:
      return reader.read_boolean(flag) && (out = Value::boolean(flag), true);
    case MsgType::Number:
      if (!reader.read_number(number) || !std::isfinite(number)) return false;
      out = Value::number(number);
      return true;
    case MsgType::String:
      return read_string_value(reader, out);
    case MsgType::Array:
      if (max_depth > 0 && read_few_numbers(reader, out)) return true;
      break;
    default:
      break;
  }
  Bytes bytes;
  bytes.reserve(kUsualBytes);
  if (!append_canonical(reader, bytes, max_depth)) return false;
  out = Value::from_canonical(bytes);
  return true;
}

}  // namespace vuer_rtc
