// Values: what is too large to lie inline is a counted block of bytes. A document is used by one
// thread at a time, so counts are not atomic.
#include "model/value.hpp"

#include <cmath>
#include <new>

#include "base/assert.hpp"
#include "base/utf.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

struct Value::Block {
  std::uint32_t refs;
  std::uint32_t size;
  std::int32_t depth;

  std::uint8_t* data() { return reinterpret_cast<std::uint8_t*>(this + 1); }
};

Value Value::with_block(Kind kind, const std::uint8_t* data, std::size_t size, int depth) {
  auto* block =
      new (::operator new(sizeof(Block) + size)) Block{1, static_cast<std::uint32_t>(size), depth};
  if (size != 0) std::memcpy(block->data(), data, size);
  Value value;
  value.kind_ = kind;
  value.block_ = block;
  return value;
}

void Value::retain() { ++block_->refs; }

void Value::release() {
  if (--block_->refs == 0) ::operator delete(block_);
}

Value Value::null() {
  Value value;
  value.kind_ = Kind::Null;
  return value;
}

Value Value::boolean(bool flag) {
  Value value;
  value.kind_ = flag ? Kind::True : Kind::False;
  return value;
}

Value Value::number(double number) {
  Value value;
  value.kind_ = Kind::Number;
  value.count_ = 1;
  value.n_[0] = number + 0.0;
  return value;
}

Value Value::numbers(const double* values, int count) {
  RTC_ASSERT(count >= 0 && count <= 4);
  Value value;
  value.kind_ = Kind::Numbers;
  value.count_ = static_cast<std::uint8_t>(count);
  for (int i = 0; i < count; ++i) value.n_[i] = values[i] + 0.0;
  return value;
}

Value Value::string(std::string_view clean_utf8) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(clean_utf8.data());
  return with_block(Kind::String, data, clean_utf8.size(), 0);
}

namespace {

/// Depth of canonical bytes: heads are counted down, nothing is recursive.
int depth_of(ByteSpan canonical) {
  int deepest = 0;
  Members members(canonical);
  while (members.next()) {
    const std::uint8_t head = members.bytes()[0];
    const bool container = (head >= 0x80 && head < 0xa0) || head >= 0xdc;
    if (container) deepest = std::max(deepest, depth_of(members.bytes()));
  }
  return deepest + 1;
}

bool is_map_head(std::uint8_t head) {
  return (head & 0xf0) == 0x80 || head == 0xde || head == 0xdf;
}

}  // namespace

Value Value::from_canonical(ByteSpan bytes) {
  RTC_ASSERT(!bytes.empty());
  if (is_map_head(bytes[0]))
    return with_block(Kind::Object, bytes.data(), bytes.size(), depth_of(bytes));
  MsgReader reader(bytes);
  std::uint32_t count = 0;
  RTC_ASSERT(reader.read_array(count));
  double found[4];
  std::uint32_t numbers_found = 0;
  while (count <= 4 && numbers_found < count && reader.peek() == MsgType::Number) {
    if (!reader.read_number(found[numbers_found++])) break;
  }
  if (numbers_found == count) return numbers(found, static_cast<int>(count));
  return with_block(Kind::Array, bytes.data(), bytes.size(), depth_of(bytes));
}

std::string_view Value::string() const {
  return {reinterpret_cast<const char*>(block_->data()), block_->size};
}

ByteSpan Value::canonical() const { return {block_->data(), block_->size}; }

std::size_t Value::size() const { return has_block() ? block_->size : 0; }

int Value::depth() const { return kind_ == Kind::Numbers ? 1 : has_block() ? block_->depth : 0; }

bool Value::leading_of_array(int count, double* out) const {
  if (kind_ != Kind::Array) return false;
  MsgReader reader(canonical());
  std::uint32_t size = 0;
  if (!reader.read_array(size) || size < static_cast<std::uint32_t>(count)) return false;
  for (int i = 0; i < count; ++i) {
    if (reader.peek() != MsgType::Number || !reader.read_number(out[i])) return false;
  }
  return true;
}

void Value::write_canonical(Bytes& out) const {
  MsgWriter writer(out);
  switch (kind_) {
    case Kind::Missing:
    case Kind::Null:
      return writer.nil();
    case Kind::False:
    case Kind::True:
      return writer.boolean(boolean());
    case Kind::Number:
      return writer.float64(n_[0]);
    case Kind::Numbers:
      writer.array(count_);
      for (int i = 0; i < count_; ++i) writer.float64(n_[i]);
      return;
    case Kind::String:
      return writer.string(string());
    case Kind::Array:
    case Kind::Object:
      return writer.raw(canonical());
  }
}

namespace {

/// Canonical bytes with their numbers in wire form. Heads and strings are the same in both, so no
/// nesting is tracked.
void append_wire(ByteSpan canonical, Bytes& out) {
  MsgWriter writer(out);
  MsgReader reader(canonical);
  while (!reader.at_end()) {
    const std::uint8_t* begin = reader.position();
    std::uint32_t count = 0;
    double number = 0;
    switch (reader.peek()) {
      case MsgType::Number:
        RTC_ASSERT(reader.read_number(number));
        writer.number(number);
        continue;
      case MsgType::Array:
        RTC_ASSERT(reader.read_array(count));
        break;
      case MsgType::Map:
        RTC_ASSERT(reader.read_map(count));
        break;
      default:
        RTC_ASSERT(reader.skip());
        break;
    }
    out.insert(out.end(), begin, reader.position());
  }
}

}  // namespace

void Value::write_wire(Bytes& out) const {
  MsgWriter writer(out);
  if (kind_ == Kind::Array || kind_ == Kind::Object) return append_wire(canonical(), out);
  if (kind_ == Kind::Number) return writer.number(n_[0]);
  if (kind_ != Kind::Numbers) return write_canonical(out);
  writer.array(count_);
  for (int i = 0; i < count_; ++i) writer.number(n_[i]);
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind_ != b.kind_ || a.count_ != b.count_) return false;
  if (a.has_block()) {
    return a.block_ == b.block_ ||
           (a.block_->size == b.block_->size &&
            std::memcmp(a.block_->data(), b.block_->data(), a.block_->size) == 0);
  }
  for (int i = 0; i < a.count_; ++i) {
    if (a.n_[i] != b.n_[i]) return false;
  }
  return true;
}

Members::Members(ByteSpan container) : reader_(container) {
  map_ = is_map_head(container[0]);
  RTC_ASSERT(map_ ? reader_.read_map(count_) : reader_.read_array(count_));
}

bool Members::next() {
  if (done_ == count_) return false;
  ++done_;
  if (map_) RTC_ASSERT(reader_.read_string(key_));
  RTC_ASSERT(reader_.read_raw(bytes_));
  return true;
}

Value value_of(ByteSpan canonical) {
  MsgReader reader(canonical);
  double number = 0;
  bool flag = false;
  std::string_view text;
  switch (reader.peek()) {
    case MsgType::Nil:
      return Value::null();
    case MsgType::Boolean:
      return reader.read_boolean(flag), Value::boolean(flag);
    case MsgType::Number:
      return reader.read_number(number), Value::number(number);
    case MsgType::String:
      return reader.read_string(text), Value::string(text);
    default:
      return Value::from_canonical(canonical);
  }
}

}  // namespace vuer_rtc
