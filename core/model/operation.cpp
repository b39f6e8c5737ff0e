// Decoding of ops. Wire names are found by a hash of their first and last eight bytes: all of them
// are that long.
#include "model/operation.hpp"

#include <array>
#include <cmath>

#include "base/assert.hpp"
#include "base/words.hpp"
#include "codec/whole.hpp"
#include "model/older_shapes.hpp"
#include "model/plain.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

namespace {

struct Row {
  std::string_view name;
  OpFamily family;
};

constexpr Row kRows[] = {
#define OPERATION(symbol, name, family, ...) {name, OpFamily::family},
#include "ops/registry.def"
#undef OPERATION
};
constexpr std::size_t kOperations = sizeof kRows / sizeof kRows[0];
constexpr std::size_t kShortest = 8;
constexpr std::size_t kCells = 256;
static_assert(kOperations * 2 <= kCells && kOperations < 255);

constexpr std::size_t cell_of(std::uint64_t first, std::uint64_t last) {
  return static_cast<std::size_t>(((first ^ (last << 7) ^ (last >> 57)) * 0x9e3779b97f4a7c15ull) >>
                                  56);
}

constexpr std::uint64_t word_at(std::string_view name, std::size_t from) {
  std::uint64_t word = 0;
  for (std::size_t i = 8; i-- > 0;) word = word << 8 | static_cast<std::uint8_t>(name[from + i]);
  return word;
}

/// Cell -> 1 + row, 0 when free; open addressing.
constexpr std::array<std::uint8_t, kCells> build_cells() {
  std::array<std::uint8_t, kCells> cells{};
  for (std::size_t row = 0; row < kOperations; ++row) {
    const std::string_view name = kRows[row].name;
    std::size_t cell = cell_of(word_at(name, 0), word_at(name, name.size() - kShortest));
    while (cells[cell] != 0) cell = (cell + 1) % kCells;
    cells[cell] = static_cast<std::uint8_t>(row + 1);
  }
  return cells;
}

constexpr auto kTable = build_cells();

bool wants_value(OpFamily family) {
  return family == OpFamily::Set || family == OpFamily::Value || family == OpFamily::Node;
}

/// A JSON value of any depth that the reader can walk: what an op's further fields must be.
bool skip_json(MsgReader& reader, int room) {
  double number;
  std::uint32_t count;
  switch (reader.peek()) {
    case MsgType::Number:
      return reader.read_number(number) && std::isfinite(number);
    case MsgType::Nil:
    case MsgType::Boolean:
    case MsgType::String:
      return reader.skip();
    case MsgType::Array:
      if (room == 0 || !reader.read_array(count)) return false;
      while (count-- > 0) {
        if (!skip_json(reader, room - 1)) return false;
      }
      return true;
    case MsgType::Map:
      if (room == 0 || !reader.read_map(count)) return false;
      while (count-- > 0) {
        if (reader.peek() != MsgType::String || !reader.skip() || !skip_json(reader, room - 1))
          return false;
      }
      return true;
    default:
      return false;
  }
}

enum Field : unsigned { kOt = 1, kKey = 2, kPath = 4, kValue = 8, kOther = 0 };

Field field_of(std::string_view name) {
  switch (name.size()) {
    case 2:
      return name == "ot" ? kOt : kOther;
    case 3:
      return name == "key" ? kKey : kOther;
    case 4:
      return name == "path" ? kPath : kOther;
    case 5:
      return name == "value" ? kValue : kOther;
    default:
      return kOther;
  }
}

/// One op while it is read.
class OpReader {
 public:
  OpReader(MsgReader& reader, Operation& out) : reader_(reader), out_(out) {}

  bool read() {
    const std::uint8_t* begin = reader_.position();
    std::uint32_t count;
    if (reader_.peek() != MsgType::Map || !reader_.read_map(count)) return false;
    const std::uint8_t* members = reader_.position();
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!member(members, i)) return false;
    }
    out_.raw = {begin, reader_.position()};
    if ((seen_ & kOt) == 0) return false;
    if ((seen_ & kKey) == 0 || (out_.has_key && out_.key == ".")) out_.key_is_root = true;
    if (!sound_) {
      out_.kind = OpKind::Unknown;
      out_.family = OpFamily::Unknown;
      return true;
    }
    finish_value();
    return true;
  }

 private:
  bool member(const std::uint8_t* members, std::uint32_t index) {
    std::string_view name;
    if (reader_.peek() != MsgType::String) {
      sound_ = false;
      return reader_.skip() && reader_.skip();
    }
    if (!reader_.read_string(name)) return false;
    const Field field = field_of(name);
    if (field == kOther) return other(name, members, index);
    if (seen_ & field) sound_ = false;
    seen_ |= field;
    switch (field) {
      case kOt:
        return name_field();
      case kKey:
        out_.key_is_root = reader_.peek() == MsgType::Nil;
        return string_field(out_.has_key, out_.key);
      case kPath:
        return string_field(out_.has_path, out_.path);
      default:
        return value_field();
    }
  }

  bool name_field() {
    std::string_view name;
    if (reader_.peek() != MsgType::String || !reader_.read_string(name)) return false;
    out_.kind = find_operation(name);
    out_.family = operation_family(out_.kind);
    return true;
  }

  bool string_field(bool& has, std::string_view& out) {
    if (reader_.peek() == MsgType::String) return has = true, reader_.read_string(out);
    if (reader_.peek() == MsgType::Nil) return reader_.read_nil();
    return skip_checked();
  }

  bool value_field() {
    out_.has_value = true;
    const std::uint8_t* begin = reader_.position();
    if ((seen_ & kOt) != 0 && wants_value(out_.family)) {
      MsgReader ahead = reader_;
      if (read_value(ahead, out_.value, kMaxDepth)) {
        out_.value_valid = true;
        reader_ = ahead;
        out_.raw_value = {begin, reader_.position()};
        return true;
      }
      out_.value = Value();
      value_tried_ = true;
    }
    return reader_.read_raw(out_.raw_value);
  }

  /// A bit per hash first; the names before are compared only where bits meet.
  bool other(std::string_view name, const std::uint8_t* members, std::uint32_t index) {
    const std::size_t size = name.size();
    const unsigned hash =
        size == 0 ? 0 : static_cast<unsigned>(size * 5 + name[0] * 3 + name[size - 1]);
    const std::uint64_t bit = std::uint64_t{1} << (hash & 63);
    if (others_ & bit) find_twin(name, members, index);
    others_ |= bit;
    return skip_checked();
  }

  void find_twin(std::string_view name, const std::uint8_t* members, std::uint32_t index) {
    MsgReader before(members, reader_.position());
    for (std::uint32_t i = 0; i < index; ++i) {
      std::string_view earlier;
      if (before.peek() != MsgType::String || !before.read_string(earlier) || earlier == name)
        sound_ = false;
      if (!before.skip()) break;
    }
  }

  bool skip_checked() {
    MsgReader ahead = reader_;
    if (skip_json(ahead, kDeepest)) return reader_ = ahead, true;
    sound_ = false;
    return reader_.skip();
  }

  void finish_value() {
    if (!out_.has_value || out_.value_valid || value_tried_) return;
    MsgReader reader(out_.raw_value);
    if (wants_value(out_.family)) {
      out_.value_valid = read_value(reader, out_.value, kMaxDepth);
    } else {
      out_.value_valid = skip_json(reader, kMaxDepth);
    }
  }

  static constexpr int kDeepest = 1024;
  MsgReader& reader_;
  Operation& out_;
  unsigned seen_ = 0;
  std::uint64_t others_ = 0;  // hashes of the further names
  bool sound_ = true;  // no key that is not a string, none twice, nothing that JSON cannot hold
  bool value_tried_ = false;
};

/// The op of a usual shape with a value that is one: all but raw bytes is set.
bool decode_plain(MsgReader& reader, const PlainOp& plain, Operation& out) {
  out.kind = find_operation(plain.ot);
  out.family = operation_family(out.kind);
  if (!wants_value(out.family) || !read_value(reader, out.value, kMaxDepth)) return false;
  out.has_key = out.has_path = out.has_value = out.value_valid = true;
  out.key_is_root = plain.key == ".";
  out.key = plain.key;
  out.path = plain.path;
  return true;
}

}  // namespace

OpKind find_operation(std::string_view wire_name) {
  if (wire_name.size() < kShortest) return OpKind::Unknown;
  const char* last = wire_name.data() + wire_name.size() - kShortest;
  std::size_t cell = cell_of(word_at(wire_name.data()), word_at(last));
  for (; kTable[cell] != 0; cell = (cell + 1) % kCells) {
    const std::size_t row = kTable[cell] - 1u;
    if (is_same_text(kRows[row].name, wire_name)) return static_cast<OpKind>(row);
  }
  return OpKind::Unknown;
}

std::string_view operation_name(OpKind kind) {
  return kind == OpKind::Unknown ? std::string_view() : kRows[static_cast<std::size_t>(kind)].name;
}

OpFamily operation_family(OpKind kind) {
  return kind == OpKind::Unknown ? OpFamily::Unknown : kRows[static_cast<std::size_t>(kind)].family;
}

bool is_reserved(std::string_view path) {
  return path == "key" || path == "children" || path == "_crdt";
}

bool decode_operation(MsgReader& reader, Operation& out) {
  const std::uint8_t* begin = reader.position();
  const std::uint8_t* end = begin + reader.left();
  PlainOp plain;
  bool is_plain = reader.ok() && read_plain_op(begin, end, plain);
  if (is_plain) {
    MsgReader value(plain.value, end);
    is_plain = decode_plain(value, plain, out);
    out.raw_value = {plain.value, value.position()};
    out.raw = {begin, value.position()};
    if (is_plain) reader = value;
  }
  if (!is_plain) {
    out = Operation();
    if (!OpReader(reader, out).read()) return false;
  }
  if (out.family == OpFamily::Node) adopt_older_shape(out);
  return true;
}

ByteSpan operation_field(const Operation& op, std::string_view name) {
  MsgReader reader(op.raw);
  std::uint32_t count;
  if (!reader.read_map(count)) return {};
  while (count-- > 0) {
    std::string_view found;
    const bool named = reader.peek() == MsgType::String;
    if (named ? !reader.read_string(found) : !reader.skip()) return {};
    ByteSpan value;
    if (!reader.read_raw(value)) return {};
    if (named && found == name) return value[0] == 0xc0 ? ByteSpan{} : value;
  }
  return {};
}

bool integer_field(const Operation& op, std::string_view name, std::int64_t low,
                   std::int64_t& out) {
  return read_whole(operation_field(op, name), low, out);
}

}  // namespace vuer_rtc
