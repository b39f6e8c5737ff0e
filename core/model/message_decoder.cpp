// One message from untrusted bytes. One pass takes the fields in any order; then they are judged in
// the order of the law's table. A field that is null counts as absent.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/sort.hpp"
#include "base/utf.hpp"
#include "codec/whole.hpp"
#include "model/message_view.hpp"
#include "model/normal_form.hpp"
#include "model/normal_scan.hpp"

namespace vuer_rtc {

namespace {

enum Field {
  kId,
  kClient,
  kSessionId,
  kTexts,
  kLt = kTexts,
  kLamportTime,
  kTs,
  kTimestamp,
  kStable,
  kServerSeq,
  kNumbers,
  kClock = kNumbers,
  kOps,
  kFields
};

Field field_of(std::string_view name) {
  const auto is = [&](const auto& word) {
    return std::memcmp(name.data(), word, sizeof word - 1) == 0;
  };
  switch (name.size()) {
    case 2:
      return is("id") ? kId : is("lt") ? kLt : is("ts") ? kTs : kFields;
    case 3:
      return is("ops") ? kOps : kFields;
    case 5:
      return is("clock") ? kClock : kFields;
    case 6:
      return is("client") ? kClient : is("stable") ? kStable : kFields;
    case 9:
      return is("serverSeq")   ? kServerSeq
             : is("sessionId") ? kSessionId
             : is("timestamp") ? kTimestamp
                               : kFields;
    case 11:
      return is("lamportTime") ? kLamportTime : kFields;
    default:
      return kFields;
  }
}

Error refusal(std::string_view field, std::string_view reason) {
  std::string text(field);
  text.append(": ").append(reason);
  return make_error(ErrorCode::BadMessage, text);
}

constexpr std::string_view kCutShort = "not MessagePack, or cut short";

/// As skip; a clock's members are stepped over one by one, which is what most of them need.
bool skip_field(MsgReader& reader) {
  if (reader.peek() != MsgType::Map) return reader.skip();
  std::uint32_t count;
  if (!reader.read_map(count)) return false;
  while (count-- > 0) {
    if (!reader.skip() || !reader.skip()) return false;
  }
  return true;
}

}  // namespace

/// What one pass over the fields found: names and numbers read, where clock and ops start.
struct MessageDecoder::Fields {
  std::string_view texts[kTexts];
  double numbers[kNumbers];
  const std::uint8_t* clock = nullptr;
  const std::uint8_t* ops = nullptr;
  const std::uint8_t* ops_end = nullptr;  // set when the ops are in normal form as they came
  const std::uint8_t* end = nullptr;
  OpsFacts facts;
  std::uint32_t seen = 0, given = 0, sound = 0;  // bits: there, not null, and of its type

  bool has(Field field) const { return given >> field & 1; }
  bool is_sound(Field field) const { return sound >> field & 1; }
  /// The field under today's name, else under the older one.
  Field pick(Field today, Field older) const { return has(today) ? today : older; }
  /// False when the number is given and no integer from `low` on; `out` stays when it is absent.
  bool whole(Field field, std::int64_t low, std::int64_t& out) const {
    return !has(field) || (is_sound(field) && as_whole(numbers[field], low, out));
  }
  bool read(Field field, MsgReader& reader, const Limits& limits);
};

/// Reads or steps over one field's value. False when the bytes end or nest too deeply.
bool MessageDecoder::Fields::read(Field field, MsgReader& reader, const Limits& limits) {
  const MsgType type = reader.peek();
  const std::uint8_t* begin = reader.position();
  const std::uint32_t bit = 1u << field;
  seen |= bit;
  if (type != MsgType::Nil) given |= bit;
  if (field < kTexts ? type == MsgType::String : field < kNumbers && type == MsgType::Number) {
    sound |= bit;
    return field < kTexts ? reader.read_string(texts[field]) : reader.read_number(numbers[field]);
  }
  if (field == kClock) clock = begin;
  if (field == kOps) {
    ops = begin;
    const std::uint8_t* behind = begin;
    const std::uint8_t* limit = begin + reader.left();
    if (scan_normal_ops(behind, limit, limits, facts)) {
      ops_end = behind;
      reader = MsgReader(behind, limit);
      return true;
    }
  }
  return skip_field(reader);
}

Status MessageDecoder::decode(MsgReader& reader, const Limits& limits, Strictness strictness,
                              MessageView& out) {
  const std::uint8_t* begin = reader.position();
  const auto is_too_big = [&](const std::uint8_t* end) {
    return strictness == Strictness::Door &&
           static_cast<std::size_t>(end - begin) > limits.message_bytes;
  };
  MsgReader whole = reader;
  cleaned_.clear();
  if (read_plain(reader, limits, out) && !is_too_big(reader.position())) return {};
  reader = whole;
  Fields fields;
  Status status = read_fields(reader, limits, fields);
  if (status.ok() && is_too_big(fields.end)) {
    status = make_error(ErrorCode::TooBig,
                        "message: over " + std::to_string(limits.message_bytes) + " bytes");
  }
  if (status.ok()) status = read_names(fields, out);
  if (status.ok()) status = read_numbers(fields, out);
  if (status.ok()) status = read_clock(fields, strictness, out);
  if (status.ok()) {
    if (!fields.has(kOps)) return refusal("ops", "needs an array");
    status = read_ops(fields, limits, strictness, out);
  }
  if (!status.ok()) {
    if (whole.skip()) reader = whole;
    return status;
  }
  return {};
}

Status MessageDecoder::read_fields(MsgReader& reader, const Limits& limits, Fields& fields) {
  std::uint32_t count;
  if (reader.peek() != MsgType::Map) return refusal("message", "not a map");
  if (!reader.read_map(count)) return refusal("message", kCutShort);
  while (count-- > 0) {
    std::string_view name;
    if (reader.peek() == MsgType::Invalid) return refusal("message", kCutShort);
    if (reader.peek() != MsgType::String) return refusal("message", "a key that is not a string");
    if (!reader.read_string(name)) return refusal("message", kCutShort);
    const Field field = field_of(name);
    const bool twice = field != kFields && (fields.seen >> field & 1) != 0;
    if (field == kFields ? !skip_field(reader) : !fields.read(field, reader, limits)) {
      if (reader.left() == 0 || field != kOps) return refusal(name.substr(0, 40), kCutShort);
      return make_error(ErrorCode::TooDeep, "ops: nested too deeply, or not MessagePack");
    }
    if (twice) return refusal(name, "given twice");
  }
  fields.end = reader.position();
  return {};
}

bool MessageDecoder::clean(std::string_view in, std::string_view& out) {
  if (is_clean_utf8(in)) return out = in, true;
  std::string text;
  if (!append_clean_utf8(in, text)) return false;
  cleaned_.push_back(std::make_unique<std::string>(std::move(text)));
  out = *cleaned_.back();
  return true;
}

Status MessageDecoder::read_name(const char* name, const Fields& fields, int field,
                                 std::size_t limit, std::string_view& out) {
  if (!fields.is_sound(static_cast<Field>(field)) || !clean(fields.texts[field], out) ||
      out.empty() || out.size() > limit) {
    return refusal(name, "needs a string of 1.." + std::to_string(limit) + " bytes of UTF-8");
  }
  return {};
}

Status MessageDecoder::read_names(const Fields& fields, MessageView& out) {
  Status status = read_name("id", fields, kId, kMaxIdBytes, out.id);
  if (!status.ok()) return status;
  return read_name("client", fields, fields.pick(kClient, kSessionId), kMaxClientBytes, out.client);
}

Status MessageDecoder::read_numbers(const Fields& fields, MessageView& out) {
  std::int64_t lt = 0, server_seq = 0;
  const Field lt_field = fields.pick(kLt, kLamportTime);
  if (!fields.has(lt_field) || !fields.whole(lt_field, 0, lt)) {
    return refusal("lt", "needs an integer 0..2^53-1");
  }
  out.lt = static_cast<std::uint64_t>(lt);
  out.ts = 0;
  if (const Field ts = fields.pick(kTs, kTimestamp); fields.has(ts)) {
    if (!fields.is_sound(ts) || !std::isfinite(fields.numbers[ts]))
      return refusal("ts", "needs a finite number");
    out.ts = fields.numbers[ts] + 0.0;
  }
  out.stable = kNoLine;
  if (!fields.whole(kStable, kNoLine, out.stable))
    return refusal("stable", "needs an integer -1..2^53-1");
  if (!fields.whole(kServerSeq, 0, server_seq))
    return refusal("serverSeq", "needs an integer 0..2^53-1");
  out.server_seq = static_cast<std::uint64_t>(server_seq);
  return {};
}

namespace {

/// Sorts the clock by client. A client named twice keeps its last entry, as in any JSON reader;
/// true when there was one.
bool order_clock(MessageView& out) {
  const auto& clock = out.clock;
  std::vector<std::uint32_t> order(clock.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  sort_range(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const int difference = clock[a].first.compare(clock[b].first);
    return difference != 0 ? difference < 0 : a < b;
  });
  auto sorted = clock;
  std::size_t kept = 0;
  for (const std::uint32_t place : order) {
    if (kept == 0 || sorted[kept - 1].first != clock[place].first) ++kept;
    sorted[kept - 1] = clock[place];
  }
  sorted.resize(kept);
  out.clock.swap(sorted);
  return kept < order.size();
}

}  // namespace

Status MessageDecoder::read_clock(const Fields& fields, Strictness strictness, MessageView& out) {
  out.clock.clear();
  if (!fields.has(kClock)) return {};
  MsgReader reader(fields.clock, fields.end);
  std::uint32_t count;
  if (reader.peek() != MsgType::Map || !reader.read_map(count))
    return refusal("clock", "needs a map");
  while (count-- > 0) {
    std::string_view text, client;
    std::int64_t number;
    if (reader.peek() != MsgType::String || !reader.read_string(text) || !clean(text, client)) {
      return refusal("clock", "a key that is not a string of UTF-8");
    }
    if (!read_whole(reader, 0, number)) return refusal("clock", "needs integers 0..2^53-1");
    out.clock.emplace_back(client, static_cast<std::uint64_t>(number));
  }
  const auto unsorted = [](const auto& a, const auto& b) { return a.first >= b.first; };
  const bool repeats =
      std::adjacent_find(out.clock.begin(), out.clock.end(), unsorted) != out.clock.end() &&
      order_clock(out);
  return repeats && strictness == Strictness::Door ? refusal("clock", "repeated key") : Status();
}

Status MessageDecoder::read_ops(const Fields& fields, const Limits& limits, Strictness strictness,
                                MessageView& out) {
  OpsFacts facts = fields.facts;
  if (fields.ops_end != nullptr) {
    out.ops = {fields.ops, fields.ops_end};
  } else {
    normal_.clear();
    MsgReader reader(fields.ops, fields.end);
    Status status = append_normal_ops(reader, limits, strictness, normal_, facts);
    if (!status.ok()) return status;
    out.ops = normal_;
  }
  out.take(facts);
  return {};
}

}  // namespace vuer_rtc
