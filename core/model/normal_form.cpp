// Rewrites ops leaf by leaf. What is no JSON passes as it came in the fold and refuses the message
// at the door.
#include "model/normal_form.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/sort.hpp"
#include "base/utf.hpp"

namespace vuer_rtc {

namespace {

constexpr int kDeepestCarried = 1024;

class OpsRewriter {
 public:
  OpsRewriter(MsgReader& reader, const Limits& limits, Strictness strictness, Bytes& out)
      : reader_(reader),
        limits_(limits),
        door_(strictness == Strictness::Door),
        out_(out),
        writer_(out) {}

  bool run(OpsFacts& facts) {
    std::uint32_t count;
    if (reader_.peek() != MsgType::Array) return refuse(ErrorCode::BadMessage, "needs an array");
    if (!reader_.read_array(count)) return cut_short();
    if (door_ && count > limits_.ops) {
      return refuse(ErrorCode::TooManyOps, "more than " + std::to_string(limits_.ops));
    }
    facts.op_count = count;
    writer_.array(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      where_ = "ops[" + std::to_string(i) + "]";
      const std::size_t begin = out_.size();
      if (!op()) return false;
      note({out_.data() + begin, out_.size() - begin}, facts);
    }
    return true;
  }

  Error error() const { return make_error(code_, where_ + ": " + text_); }

 private:
  struct Kind {
    std::uint32_t members = 0;  // without ot and otype
    std::uint32_t times = 0;    // how often the kind was named; more than once makes the op invalid
    std::string_view name;
  };

  bool refuse(ErrorCode code, std::string text) {
    code_ = code;
    text_ = std::move(text);
    return false;
  }
  bool cut_short() { return refuse(ErrorCode::BadMessage, "not MessagePack, or cut short"); }

  /// Finds the op's kind: `ot`, or `otype` where that is null or absent.
  bool find_kind(MsgReader ahead, std::uint32_t count, Kind& kind) {
    std::uint32_t ot = 0, otype = 0;
    bool decided = false, is_text = false;
    while (count-- > 0) {
      std::string_view name;
      const bool named = ahead.peek() == MsgType::String;
      if (named ? !ahead.read_string(name) : !ahead.skip()) return cut_short();
      const bool today = named && name == "ot", older = named && name == "otype";
      if (!today && !older) {
        ++kind.members;
      } else if (const MsgType type = ahead.peek(); type != MsgType::Nil && (today || !decided)) {
        decided = decided || today;
        MsgReader text = ahead;
        is_text = type == MsgType::String && text.read_string(kind.name);
      }
      ot += today, otype += older;
      if (!ahead.skip()) return cut_short_or_deep(ahead);
    }
    kind.times = std::max({ot, otype, 1u});
    return is_text || refuse(ErrorCode::BadMessage, "needs a string ot");
  }

  bool cut_short_or_deep(const MsgReader& ahead) {
    return ahead.left() > 0 ? refuse(ErrorCode::TooDeep, "nested too deeply, or not MessagePack")
                            : cut_short();
  }

  bool op() {
    std::uint32_t count;
    if (reader_.peek() != MsgType::Map) return refuse(ErrorCode::BadMessage, "not a map");
    if (!reader_.read_map(count)) return cut_short();
    Kind kind;
    if (!find_kind(reader_, count, kind)) return false;
    if (door_ && kind.times > 1) return refuse(ErrorCode::BadMessage, "repeated key");
    writer_.map(kind.members + kind.times);
    for (std::uint32_t i = 0; i < kind.times; ++i) {
      writer_.string("ot");
      if (!text(kind.name)) return false;
    }
    return members(count, kind.times);
  }

  bool members(std::uint32_t count, std::uint32_t kinds) {
    const std::string op_name = where_;
    const std::size_t first_key = keys_.size();
    while (count-- > 0) {
      where_ = op_name;
      std::string_view name;
      if (reader_.peek() == MsgType::String) {
        MsgReader ahead = reader_;
        if (!ahead.read_string(name)) return cut_short();
        if (name == "ot" || name == "otype") {
          reader_ = ahead;
          if (!reader_.skip()) return cut_short();
          continue;
        }
      }
      if (!key()) return false;
      where_ = op_name + "." + std::string(name.substr(0, 40));
      if ((name == "key" || name == "path") && !short_enough()) return false;
      if (!value(door_ ? kMaxDepth : kDeepestCarried)) return false;
    }
    where_ = op_name;
    return kinds == 0 || no_repeats(first_key);
  }

  /// `key` and `path` of an op name nodes and properties: as long as keys may be.
  bool short_enough() {
    std::string_view name;
    MsgReader ahead = reader_;
    if (!door_ || ahead.peek() != MsgType::String || !ahead.read_string(name)) return true;
    return name.size() <= limits_.key_bytes || too_long_key();
  }

  bool too_long_key() {
    return refuse(ErrorCode::TooBig, "a key over " + std::to_string(limits_.key_bytes) + " bytes");
  }

  bool key() {
    if (reader_.peek() != MsgType::String) {
      return door_ ? refuse(ErrorCode::BadMessage, "a key that is not a string") : raw();
    }
    std::string_view name;
    if (!reader_.read_string(name)) return cut_short();
    if (door_ && name.size() > limits_.key_bytes) return too_long_key();
    const std::size_t begin = out_.size();
    if (!text(name)) return false;
    if (door_) keys_.push_back({begin, out_.size()});
    return true;
  }

  /// Sorts the keys noted since `first` by their written bytes, and forgets them.
  bool no_repeats(std::size_t first) {
    const auto written = [&](const Span& span) {
      return std::string_view(reinterpret_cast<const char*>(out_.data()) + span.begin,
                              span.end - span.begin);
    };
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first);
    sort_range(begin, keys_.end(),
               [&](const Span& a, const Span& b) { return written(a) < written(b); });
    const auto same = [&](const Span& a, const Span& b) { return written(a) == written(b); };
    const bool repeated = std::adjacent_find(begin, keys_.end(), same) != keys_.end();
    keys_.resize(first);
    return !repeated || refuse(ErrorCode::BadMessage, "repeated key");
  }

  bool value(int room) {
    double number;
    switch (reader_.peek()) {
      case MsgType::Number: {
        const std::uint8_t* begin = reader_.position();
        if (!reader_.read_number(number)) return cut_short();
        if (std::isfinite(number)) return writer_.number(number), true;
        if (door_) return refuse(ErrorCode::BadMessage, "not a finite number");
        return writer_.raw({begin, reader_.position()}), true;
      }
      case MsgType::String: {
        std::string_view in;
        return reader_.read_string(in) ? text(in) : cut_short();
      }
      case MsgType::Nil:
      case MsgType::Boolean:
        return raw();
      case MsgType::Array:
        return array(room);
      case MsgType::Map:
        return map(room);
      case MsgType::Binary:
      case MsgType::Extension:
        return door_ ? refuse(ErrorCode::BadMessage, "binary and extension types are no values")
                     : raw();
      default:
        return cut_short();
    }
  }

  bool too_deep(int room) {
    if (room > 0) return false;
    refuse(
        ErrorCode::TooDeep,
        "nested more than " + std::to_string(door_ ? kMaxDepth : kDeepestCarried) + " levels deep");
    return true;
  }

  bool array(int room) {
    std::uint32_t count;
    if (too_deep(room)) return false;
    if (!reader_.read_array(count)) return cut_short();
    if (door_ && count > limits_.array_length) {
      return refuse(ErrorCode::TooBig,
                    "an array of more than " + std::to_string(limits_.array_length));
    }
    writer_.array(count);
    while (count-- > 0) {
      if (!value(room - 1)) return false;
    }
    return true;
  }

  bool map(int room) {
    std::uint32_t count;
    if (too_deep(room)) return false;
    if (!reader_.read_map(count)) return cut_short();
    writer_.map(count);
    const std::size_t first_key = keys_.size();
    while (count-- > 0) {
      if (!key() || !value(room - 1)) return false;
    }
    return no_repeats(first_key);
  }

  bool raw() {
    ByteSpan bytes;
    if (!reader_.read_raw(bytes)) return cut_short_or_deep(reader_);
    writer_.raw(bytes);
    return true;
  }

  bool text(std::string_view in) {
    if (is_clean_utf8(in)) return writer_.string(in), true;
    std::string cleaned;
    if (!append_clean_utf8(in, cleaned))
      return refuse(ErrorCode::BadMessage, "a string that is not UTF-8");
    writer_.string(cleaned);
    return true;
  }

  static void note(ByteSpan op_bytes, OpsFacts& facts) {
    MsgReader reader(op_bytes);
    Operation op;
    if (!decode_operation(reader, op)) return;
    facts.has_meta = facts.has_meta || op.family == OpFamily::Meta;
    facts.has_position = facts.has_position || is_position_form(op);
  }

  struct Span {
    std::size_t begin;
    std::size_t end;
  };

  MsgReader& reader_;
  const Limits& limits_;
  const bool door_;
  Bytes& out_;
  MsgWriter writer_;
  std::vector<Span> keys_;
  std::string where_ = "ops";
  ErrorCode code_ = ErrorCode::BadMessage;
  std::string text_;
};

/// A string, or [null, string]: what a position form inserts.
bool is_plain_content(ByteSpan value) {
  if (value.empty()) return false;
  MsgReader reader(value);
  std::uint32_t count = 0;
  if (reader.peek() == MsgType::String) return true;
  return reader.peek() == MsgType::Array && reader.read_array(count) && count == 2 &&
         reader.read_nil() && reader.peek() == MsgType::String;
}

bool is_absent_or_string(ByteSpan value) {
  const MsgType type = MsgReader(value).peek();
  return value.empty() || type == MsgType::Nil || type == MsgType::String;
}

}  // namespace

Status append_normal_ops(MsgReader& reader, const Limits& limits, Strictness strictness, Bytes& out,
                         OpsFacts& facts) {
  OpsRewriter rewriter(reader, limits, strictness, out);
  if (!rewriter.run(facts)) return rewriter.error();
  return {};
}

bool is_position_form(const Operation& op) {
  if (op.family != OpFamily::Text) return false;
  const bool has_runs = !operation_field(op, "rm").empty();
  const bool has_id = !operation_field(op, "id").empty();
  const auto whole = [&](std::string_view name) {
    std::int64_t number;
    return integer_field(op, name, -static_cast<std::int64_t>(kMaxInteger), number);
  };
  switch (op.kind) {
    case OpKind::TextInit:
      return !has_id && is_absent_or_string(op.raw_value);
    case OpKind::TextInsert:
      return !has_id && is_plain_content(op.raw_value) && whole("position");
    case OpKind::TextDelete:
      return !has_runs && whole("position") && whole("length");
    default:
      return !has_id && !has_runs && is_plain_content(op.raw_value) && whole("position") &&
             whole("length");
  }
}

}  // namespace vuer_rtc
