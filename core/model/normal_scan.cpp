// Answers "normal and sound" or "not sure"; every doubt (a long map, a long number form, a bad
// byte) goes to the rewriter, which finds the words for a refusal.
#include "model/normal_scan.hpp"

#include <cstring>

#include "base/big_endian.hpp"
#include "base/utf.hpp"
#include "model/plain.hpp"

namespace vuer_rtc {

namespace {

/// Keys of one map, to see whether one repeats: a bit per hash first, a comparison only where bits
/// meet.
class KeySet {
 public:
  static constexpr std::uint32_t kCapacity = 16;

  bool add(std::string_view key) {
    const std::size_t size = key.size();
    const unsigned hash =
        size == 0 ? 0 : static_cast<unsigned>(size * 5 + key[0] * 3 + key[size - 1]);
    const std::uint64_t bit = std::uint64_t{1} << (hash & 63);
    if (bits_ & bit) {
      for (std::uint32_t i = 0; i < count_; ++i) {
        if (keys_[i] == key) return false;
      }
    }
    bits_ |= bit;
    keys_[count_++] = key;
    return true;
  }

 private:
  std::string_view keys_[kCapacity];
  std::uint64_t bits_ = 0;
  std::uint32_t count_ = 0;
};

/// A float64 whose value has no shorter form: finite, and not whole within 2^53-1.
bool is_normal_float(std::uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  constexpr double kMax = static_cast<double>(kMaxInteger);
  if (value >= -kMax && value <= kMax)
    return static_cast<double>(static_cast<std::int64_t>(value)) != value;
  return (bits >> 52 & 0x7ff) != 0x7ff;
}

class NormalScan {
 public:
  NormalScan(const std::uint8_t* at, const std::uint8_t* end, const Limits& limits)
      : at_(at), end_(end), limits_(limits) {}

  bool ops(OpsFacts& facts) {
    std::uint32_t count;
    if (!head(count, 0x90, 0xdc) || count > limits_.ops) return false;
    facts = OpsFacts{count, false, false};
    while (count-- > 0) {
      if (!op(&facts)) return false;
    }
    return true;
  }
  bool single() { return op(nullptr) && at_ == end_; }
  const std::uint8_t* position() const { return at_; }

 private:
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  /// The shortest head of an array or map.
  bool head(std::uint32_t& count, std::uint8_t fixed, std::uint8_t code16) {
    if (at_ == end_) return false;
    if ((*at_ & 0xf0) == fixed) {
      count = *at_++ & 0x0fu;
      return true;
    }
    if (*at_ != code16 || left() < 3) return false;
    count = static_cast<std::uint32_t>(load_big_endian(at_ + 1, 2));
    at_ += 3;
    return count >= 16;
  }

  bool string(std::string_view& out) {
    if (at_ == end_) return false;
    std::size_t size = *at_ & 0x1fu;
    if ((*at_ & 0xe0) == 0xa0) {
      ++at_;
    } else if (*at_ == 0xd9 && left() >= 2 && at_[1] >= 32) {
      size = at_[1];
      at_ += 2;
    } else if (*at_ == 0xda && left() >= 3 && at_[1] != 0) {
      size = load_big_endian(at_ + 1, 2);
      at_ += 3;
    } else {
      return false;
    }
    if (size > left()) return false;
    out = {reinterpret_cast<const char*>(at_), size};
    at_ += size;
    return is_clean_utf8(out);
  }

  bool float64() {
    if (left() < 9) return false;
    const std::uint64_t bits = load_big_endian_8(at_ + 1);
    at_ += 9;
    return is_normal_float(bits);
  }

  bool integer() {
    const std::uint8_t code = *at_;
    const int width = 1 << (code & 3);
    if (code == 0xca || left() < 1u + static_cast<unsigned>(width)) return false;
    const std::uint64_t bits = load_big_endian(at_ + 1, width);
    at_ += 1 + width;
    switch (code) {
      case 0xcc:
        return bits > 0x7f;
      case 0xcd:
        return bits > 0xff;
      case 0xce:
        return bits > 0xffff;
      case 0xcf:
        return bits > 0xffffffff && bits <= kMaxInteger;
      case 0xd0:
        return static_cast<std::int8_t>(bits) < -0x20;
      case 0xd1:
        return static_cast<std::int16_t>(bits) < -0x80;
      case 0xd2:
        return static_cast<std::int32_t>(bits) < -0x8000;
      default: {
        const auto value = static_cast<std::int64_t>(bits);
        return value < -0x80000000ll && value >= -static_cast<std::int64_t>(kMaxInteger);
      }
    }
  }

  bool value(int room) {
    if (at_ == end_) return false;
    const std::uint8_t code = *at_;
    if (code < 0x80 || code >= 0xe0) return ++at_, true;
    if (code == 0xcb) return float64();
    if (code >= 0xca && code <= 0xd3) return integer();
    if (code == 0xc0 || code == 0xc2 || code == 0xc3) return ++at_, true;
    std::string_view text;
    if ((code >= 0xa0 && code < 0xc0) || code == 0xd9 || code == 0xda) return string(text);
    if (room == 0) return false;
    if (code < 0x90 || code == 0xde) return map(room - 1);
    return array(room - 1);
  }

  bool array(int room) {
    std::uint32_t count;
    if (!head(count, 0x90, 0xdc) || count > limits_.array_length) return false;
    while (count-- > 0) {
      const bool is_float = at_ != end_ && *at_ == 0xcb;
      if (is_float ? !float64() : !value(room)) return false;
    }
    return true;
  }

  bool key(KeySet& keys, std::string_view& name) {
    return string(name) && name.size() <= limits_.key_bytes && keys.add(name);
  }

  bool map(int room) {
    std::uint32_t count;
    if (!head(count, 0x80, 0xde) || count > KeySet::kCapacity) return false;
    KeySet keys;
    std::string_view name;
    while (count-- > 0) {
      if (!key(keys, name) || !value(room)) return false;
    }
    return true;
  }

  bool op(OpsFacts* facts) {
    const std::uint8_t* begin = at_;
    PlainOp plain;
    if (read_plain_op(at_, end_, plain)) return plain_op(begin, plain, facts);
    std::uint32_t count;
    if (!head(count, 0x80, 0xde) || count > KeySet::kCapacity) return false;
    KeySet keys;
    std::string_view name, kind;
    bool resolved = false;
    while (count-- > 0) {
      if (!key(keys, name)) return false;
      if (name == "ot") {
        if (!string(kind)) return false;
        continue;
      }
      if (name == "otype") return false;
      const std::uint8_t* at = at_;
      if (!value(kMaxDepth)) return false;
      if ((name == "key" || name == "path") &&
          static_cast<std::size_t>(at_ - at) > limits_.key_bytes)
        return false;
      if (name == "id" || name == "rm") resolved = resolved || *at != 0xc0;
    }
    if (kind.data() == nullptr) return false;
    if (facts != nullptr) note(kind, resolved, {begin, at_}, *facts);
    return true;
  }

  bool plain_op(const std::uint8_t* begin, const PlainOp& plain, OpsFacts* facts) {
    if (!is_clean_utf8(plain.ot) || !is_short_name(plain.key) || !is_short_name(plain.path))
      return false;
    at_ = plain.value;
    const bool is_list = (*at_ & 0xf0) == 0x90;
    if (is_list ? !array(kMaxDepth - 1) : !value(kMaxDepth)) return false;
    if (facts != nullptr) note(plain.ot, false, {begin, at_}, *facts);
    return true;
  }

  bool is_short_name(std::string_view name) {
    return name.size() <= limits_.key_bytes && is_clean_utf8(name);
  }

  /// `resolved`: the op has an id or rm. That settles all kinds but text.delete with an id and
  /// text.init with rm.
  static void note(std::string_view kind, bool resolved, ByteSpan op, OpsFacts& facts) {
    if (kind.size() < 9 || kind.size() > 12 || kind[4] != '.') return;
    if (kind == "meta.undo" || kind == "meta.redo") facts.has_meta = true;
    if (kind[0] != 't' || (resolved && kind == "text.insert")) return;
    MsgReader reader(op);
    Operation decoded;
    if (decode_operation(reader, decoded) && is_position_form(decoded)) facts.has_position = true;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  const Limits& limits_;
};

}  // namespace

bool is_normal_op(ByteSpan op, const Limits& limits) {
  return NormalScan(op.data(), op.data() + op.size(), limits).single();
}

bool scan_normal_ops(const std::uint8_t*& at, const std::uint8_t* end, const Limits& limits,
                     OpsFacts& facts) {
  NormalScan scan(at, end, limits);
  OpsFacts found;
  if (!scan.ops(found)) return false;
  facts = found;
  at = scan.position();
  return true;
}

}  // namespace vuer_rtc
