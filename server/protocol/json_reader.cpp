#include "protocol/json_reader.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include "protocol/utf8.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::size_t kHead = 5;  // room for the longest header of a container

enum class Numbers { Canonical, Exact };

class JsonReader {
 public:
  JsonReader(std::string_view text, int max_depth, Numbers numbers)
      : text_(text), max_depth_(max_depth), numbers_(numbers), writer_(out_) {}

  Result<Bytes> run() {
    out_.reserve(text_.size());
    if (!value(0)) return fault();
    skip_space();
    if (at_ != text_.size()) {
      fail("more than one value");
      return fault();
    }
    return std::move(out_);
  }

 private:
  Error fault() const {
    return make_error(too_deep_ ? ErrorCode::TooDeep : ErrorCode::BadFrame,
                      "JSON, byte " + std::to_string(at_) + ": " + reason_);
  }
  bool fail(const char* reason) {
    reason_ = reason;
    return false;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return fail("not a value");
    at_ += expected.size();
    return true;
  }

  bool value(int depth) {
    skip_space();
    switch (peek()) {
      case '{':
        return container(depth, true);
      case '[':
        return container(depth, false);
      case '"':
        return string();
      case 'n':
        return word("null") && (writer_.nil(), true);
      case 't':
        return word("true") && (writer_.boolean(true), true);
      case 'f':
        return word("false") && (writer_.boolean(false), true);
      default:
        return number();
    }
  }

  bool container(int depth, bool map) {
    if (depth >= max_depth_) {
      too_deep_ = true;
      return fail("nested too deeply");
    }
    const char end = map ? '}' : ']';
    const std::size_t start = out_.size();
    out_.resize(start + kHead);
    std::uint32_t count = 0;
    ++at_;
    skip_space();
    if (!take(end)) {
      do {
        if (map && !member_name()) return false;
        if (!value(depth + 1)) return false;
        ++count;
        skip_space();
      } while (take(','));
      if (!take(end)) return fail(map ? "expected , or }" : "expected , or ]");
    }
    close_container(start, count, map);
    return true;
  }

  bool member_name() {
    skip_space();
    if (peek() != '"') return fail("expected a name in quotes");
    if (!string()) return false;
    skip_space();
    return take(':') || fail("expected :");
  }

  /// Writes the shortest header into the room left for it and closes the gap behind it.
  void close_container(std::size_t start, std::uint32_t count, bool map) {
    Bytes head;
    MsgWriter writer(head);
    if (map) {
      writer.map(count);
    } else {
      writer.array(count);
    }
    std::copy(head.begin(), head.end(), out_.begin() + static_cast<std::ptrdiff_t>(start));
    const auto from = out_.begin() + static_cast<std::ptrdiff_t>(start + head.size());
    out_.erase(from, from + static_cast<std::ptrdiff_t>(kHead - head.size()));
  }

  bool string() {
    ++at_;
    scratch_.clear();
    for (;;) {
      const std::size_t plain = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<std::uint8_t>(text_[at_]) >= 0x20) {
        const std::size_t length = utf8_length(text_.substr(at_, 4));
        if (length == 0) return fail("not UTF-8");
        at_ += length;
      }
      scratch_.append(text_.substr(plain, at_ - plain));
      if (at_ >= text_.size()) return fail("string without end");
      if (take('"')) break;
      if (!take('\\')) return fail("control character in a string");
      if (!escape()) return false;
    }
    writer_.string(scratch_);
    return true;
  }

  bool escape() {
    if (at_ >= text_.size()) return fail("string without end");
    const char c = text_[at_++];
    switch (c) {
      case '"':
      case '\\':
      case '/':
        scratch_.push_back(c);
        return true;
      case 'b':
        scratch_.push_back('\b');
        return true;
      case 'f':
        scratch_.push_back('\f');
        return true;
      case 'n':
        scratch_.push_back('\n');
        return true;
      case 'r':
        scratch_.push_back('\r');
        return true;
      case 't':
        scratch_.push_back('\t');
        return true;
      case 'u':
        return unicode_escape();
      default:
        return fail("unknown escape");
    }
  }

  bool unicode_escape() {
    std::uint32_t unit = 0;
    if (!hex4(unit)) return fail("\\u needs four hex digits");
    char32_t c = unit;
    if (unit >= 0xd800 && unit <= 0xdfff) {
      c = kReplacement;
      std::uint32_t low = 0;
      const std::size_t before = at_;
      if (unit < 0xdc00 && take('\\') && take('u') && hex4(low) && low >= 0xdc00 && low <= 0xdfff) {
        c = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      } else {
        at_ = before;  // what follows stands for itself
      }
    }
    append_utf8_char(c, scratch_);
    return true;
  }

  bool hex4(std::uint32_t& out) {
    if (text_.size() - at_ < 4) return false;
    const char* from = text_.data() + at_;
    const auto [end, error] = std::from_chars(from, from + 4, out, 16);
    if (error != std::errc{} || end != from + 4) return false;
    at_ += 4;
    return true;
  }

  bool digits() {
    const std::size_t from = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ != from;
  }

  bool number() {
    const std::size_t from = at_;
    take('-');
    if (!take('0') && !digits()) return fail("not a value");
    if (take('.') && !digits()) return fail("digits missing after the point");
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (!take('+')) take('-');
      if (!digits()) return fail("digits missing in the exponent");
    }
    const std::string_view text = text_.substr(from, at_ - from);
    double value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) {
      value =
          std::strtod(std::string(text).c_str(), nullptr);  // out of range: nothing, or not finite
    }
    if (!std::isfinite(value)) return fail("number too large");
    if (numbers_ == Numbers::Canonical) {
      writer_.number(value);
    } else if (!integer(text)) {
      writer_.float64(value);
    }
    return true;
  }

  bool integer(std::string_view text) {
    std::int64_t whole = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error != std::errc{} || end != text.data() + text.size()) return false;
    out_.push_back(0xd3);
    for (int shift = 56; shift >= 0; shift -= 8)
      out_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(whole) >> shift));
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int max_depth_;
  Numbers numbers_;
  bool too_deep_ = false;
  const char* reason_ = "";
  std::string scratch_;
  Bytes out_;
  MsgWriter writer_;
};

}  // namespace

Result<Bytes> json_to_msgpack(std::string_view json, int max_depth) {
  return JsonReader(json, max_depth, Numbers::Canonical).run();
}

Result<Bytes> json_to_exact_msgpack(std::string_view json, int max_depth) {
  return JsonReader(json, max_depth, Numbers::Exact).run();
}

}  // namespace vuer_rtc::server
