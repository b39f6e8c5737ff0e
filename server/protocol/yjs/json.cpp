#include "protocol/yjs/json.hpp"

#include <charconv>

#include "protocol/utf8.hpp"

namespace vuer_rtc::yjs {
namespace {

constexpr int kMostDepth = 100;
constexpr std::string_view kSpace = " \t\n\r";

/// Recursive descent over one text; `rest_` shrinks as it is read.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool whole() { return value(0) && rest_.empty(); }

  bool object_texts(std::map<std::string, std::string>& out) {
    skip_space();
    if (!take("{")) return false;
    return members('}',
                   [&] {
                     std::string name, text;
                     if (!string(&name) || !colon()) return false;
                     if (!rest_.starts_with('"')) return value(1);
                     if (!string(&text)) return false;
                     out.insert_or_assign(std::move(name), std::move(text));
                     return true;
                   }) &&
           rest_.empty();
  }

 private:
  void skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
  }

  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool colon() {
    skip_space();
    if (!take(":")) return false;
    skip_space();
    return true;
  }

  bool value(int depth) {
    skip_space();
    const char first = rest_.empty() ? '\0' : rest_.front();
    bool ok = false;
    if (first == '{' || first == '[') {
      ok = depth < kMostDepth && container(depth);
    } else if (first == '"') {
      ok = string(nullptr);
    } else {
      ok = take("true") || take("false") || take("null") || number();
    }
    skip_space();
    return ok;
  }

  bool container(int depth) {
    if (take("[")) return members(']', [&] { return value(depth + 1); });
    take("{");
    return members('}', [&] { return string(nullptr) && colon() && value(depth + 1); });
  }

  /// What stands between an opening bracket and `end`, which it takes too.
  template <class Member>
  bool members(char end, Member member) {
    const std::string_view close(&end, 1);
    skip_space();
    for (bool more = !take(close); more; more = !take(close)) {
      if (!member()) return false;
      skip_space();
      if (!take(",")) {
        if (!rest_.starts_with(close)) return false;
        continue;
      }
      skip_space();
      if (rest_.starts_with(close)) return false;
    }
    skip_space();
    return true;
  }

  bool digits() {
    const std::size_t count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    rest_.remove_prefix(count);
    return count != 0;
  }

  bool number() {
    take("-");
    if (!take("0") && !digits()) return false;
    if (take(".") && !digits()) return false;
    if (!take("e") && !take("E")) return true;
    if (!take("+")) take("-");
    return digits();
  }

  /// Unescaped into `out` when there is one.
  bool string(std::string* out) {
    if (!take("\"")) return false;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\') {
        if (!escape(out)) return false;
      } else if (out != nullptr) {
        out->push_back(c);
      }
    }
    return false;
  }

  bool escape(std::string* out) {
    static constexpr std::string_view kLetters = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
    if (rest_.empty()) return false;
    const std::size_t at = kLetters.find(rest_.front());
    if (at == std::string_view::npos) return unicode_escape(out);
    rest_.remove_prefix(1);
    if (out != nullptr) out->push_back(kMeant[at]);
    return true;
  }

  bool hex(char32_t& unit) {
    unsigned found = 0;
    if (rest_.size() < 5 || rest_[0] != 'u') return false;
    const char* end = rest_.data() + 5;
    const auto [stop, error] = std::from_chars(rest_.data() + 1, end, found, 16);
    if (error != std::errc{} || stop != end) return false;
    unit = found;
    rest_.remove_prefix(5);
    return true;
  }

  /// A pair of surrogates is one character, a lonely one stands for nothing.
  bool unicode_escape(std::string* out) {
    char32_t unit = 0, second = 0;
    if (!hex(unit)) return false;
    const bool is_high = unit >= 0xd800 && unit < 0xdc00;
    if (is_high && rest_.starts_with("\\u")) {
      const std::string_view before = rest_;
      rest_.remove_prefix(1);
      if (!hex(second)) return false;
      if (second >= 0xdc00 && second < 0xe000) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00);
      } else {
        rest_ = before;
      }
    }
    if (unit >= 0xd800 && unit < 0xe000) unit = server::kReplacement;
    if (out != nullptr) server::append_utf8_char(unit, *out);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

bool is_json(std::string_view text) { return Scanner(text).whole(); }

std::string_view trim_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::optional<std::map<std::string, std::string>> json_texts(std::string_view text) {
  std::map<std::string, std::string> found;
  if (!Scanner(text).object_texts(found)) return std::nullopt;
  return found;
}

}  // namespace vuer_rtc::yjs
