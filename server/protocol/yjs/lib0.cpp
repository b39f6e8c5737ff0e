#include "protocol/yjs/lib0.hpp"

#include "protocol/utf8.hpp"

namespace vuer_rtc::yjs {
namespace {

constexpr int kMostNumberBytes = 8;
constexpr int kMostDepth = 100;

enum AnyTag : std::uint8_t {
  kBytes = 116,
  kArray,
  kObject,
  kString,
  kTrue,
  kFalse,
  kBigInt,
  kFloat64,
  kFloat32,
  kInteger,
  kNull,
  kUndefined
};

}  // namespace

std::string_view fault_name(Fault fault) {
  static constexpr std::string_view kNames[] = {
      "none",
#define FAULT(symbol, name) name,
#include "protocol/yjs/faults.def"
  };
  return kNames[static_cast<std::size_t>(fault)];
}

void Reader::fail(Fault fault) {
  if (ok()) fault_ = fault;
}

std::uint8_t Reader::byte() {
  if (left() == 0) return fail(Fault::Truncated), std::uint8_t{0};
  return bytes_[at_++];
}

ByteSpan Reader::bytes(std::uint64_t count) {
  if (count > left()) fail(Fault::Truncated);
  if (!ok()) return {};
  const ByteSpan found = bytes_.subspan(at_, count);
  at_ += count;
  return found;
}

std::uint64_t Reader::var_uint() {
  std::uint64_t value = 0;
  for (int i = 0; i < kMostNumberBytes; i++) {
    const std::uint64_t group = byte();
    value |= (group & 127) << (7 * i);
    if (group & 128) continue;
    if (value > kMaxInteger) fail(Fault::VarintRange);
    if (i > 0 && group == 0) had_long_number_ = true;
    return ok() ? value : 0;
  }
  fail(Fault::VarintRange);
  return 0;
}

void Reader::skip_var_int() {
  for (int i = 0; i < kMostNumberBytes; i++)
    if ((byte() & 128) == 0) return;
  fail(Fault::VarintRange);
}

std::string_view Reader::var_string() {
  const std::string_view text = as_text(var_bytes());
  if (!server::is_utf8(text)) fail(Fault::Utf8);
  return ok() ? text : std::string_view{};
}

std::uint64_t Reader::count(std::uint64_t least) {
  const std::uint64_t found = var_uint();
  if (found > left() / least) fail(Fault::Count);
  return ok() ? found : 0;
}

void Reader::skip_entries(bool with_keys, int depth) {
  if (depth >= kMostDepth) return fail(Fault::Depth);
  for (std::uint64_t n = count(with_keys ? 2 : 1); n > 0 && ok(); n--) {
    if (with_keys) var_string();
    skip_any(depth + 1);
  }
}

void Reader::skip_any(int depth) {
  switch (byte()) {
    case kUndefined:
    case kNull:
    case kFalse:
    case kTrue:
      return;
    case kInteger:
      return skip_var_int();
    case kFloat32:
      return static_cast<void>(bytes(4));
    case kFloat64:
    case kBigInt:
      return static_cast<void>(bytes(8));
    case kString:
      return static_cast<void>(var_string());
    case kObject:
      return skip_entries(true, depth);
    case kArray:
      return skip_entries(false, depth);
    case kBytes:
      return static_cast<void>(var_bytes());
    default:
      fail(Fault::AnyTag);
  }
}

void Writer::var_uint(std::uint64_t value) {
  for (; value > 127; value >>= 7) byte((value & 127) | 128);
  byte(static_cast<unsigned>(value));
}

}  // namespace vuer_rtc::yjs
