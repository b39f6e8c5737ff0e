#include "protocol/frame_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "protocol/base64.hpp"
#include "protocol/json_reader.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::size_t kMaxRequestIdBytes = 256;

enum Field : std::size_t {
  kMtype,
  kMsg,
  kOps,
  kLt,
  kServerSeq,
  kClock,
  kFilter,
  kCount,
  kSalt,
  kRequestId,
  kState,
  kIds,
  kToken,
  kBefore,
  kLimit,
  kFields
};
constexpr std::array<std::string_view, kFields> kNames = {
    "mtype", "msg",       "ops",   "lt",  "serverSeq", "vectorClock", "filter", "count",
    "salt",  "requestId", "state", "ids", "token",     "before",      "limit"};

Error bad(std::string_view text) { return make_error(ErrorCode::BadFrame, text); }

/// The raw values of the known fields; an absent one is empty.
class Fields {
 public:
  Status read(ByteSpan bytes) {
    MsgReader reader(bytes);
    std::uint32_t count = 0;
    if (reader.peek() != MsgType::Map || !reader.read_map(count))
      return bad("a frame is a map with mtype");
    for (std::uint32_t i = 0; i < count; ++i) {
      std::string_view name;
      ByteSpan value;
      if (reader.peek() != MsgType::String || !reader.read_string(name))
        return bad("a name is not a string");
      if (!reader.read_raw(value, kMaxFrameDepth))
        return bad("a value cannot be read or is nested too deeply");
      const auto known = std::find(kNames.begin(), kNames.end(), name);
      if (known == kNames.end()) continue;
      ByteSpan& place = raw_[static_cast<std::size_t>(known - kNames.begin())];
      if (!place.empty()) return bad(std::string(name) + ": is there twice");
      place = value;
    }
    if (!reader.at_end()) return bad("bytes behind the frame");
    return {};
  }

  ByteSpan raw(Field field) const { return raw_[field]; }
  MsgType type(Field field) const {
    return raw_[field].empty() ? MsgType::Nil : MsgReader(raw_[field]).peek();
  }
  Bytes copy(Field field) const { return Bytes(raw_[field].begin(), raw_[field].end()); }

  std::optional<std::string_view> text(Field field) const {
    std::string_view out;
    if (type(field) != MsgType::String || !MsgReader(raw_[field]).read_string(out))
      return std::nullopt;
    return out;
  }

  /// Absent or null: nothing. False when there is something else than a whole number.
  bool whole(Field field, std::optional<std::uint64_t>& out) const {
    if (type(field) == MsgType::Nil) return true;
    double value = 0;
    if (type(field) != MsgType::Number || !MsgReader(raw_[field]).read_number(value)) return false;
    if (!(value >= 0) || value > static_cast<double>(kMaxInteger) || value != std::trunc(value))
      return false;
    out = static_cast<std::uint64_t>(value);
    return true;
  }

 private:
  std::array<ByteSpan, kFields> raw_{};
};

Result<Frame> read_crdt(const Fields& fields) {
  if (fields.type(kMsg) != MsgType::Map) return bad("msg: is not a map");
  return Frame(CrdtFrame{fields.copy(kMsg)});
}

Result<Frame> read_heartbeat(const Fields& fields) {
  HeartbeatFrame frame;
  std::optional<std::uint64_t> lt, server_seq;
  if (!fields.whole(kLt, lt)) return bad("lt: is not a whole number");
  if (!fields.whole(kServerSeq, server_seq)) return bad("serverSeq: is not a whole number");
  frame.lt = lt;
  frame.server_seq = server_seq;
  return Frame(frame);
}

bool read_clock(ByteSpan raw, Clock& clock) {
  if (raw.empty() || MsgReader(raw).peek() == MsgType::Nil) return true;
  MsgReader reader(raw);
  std::uint32_t count = 0;
  if (reader.peek() != MsgType::Map || !reader.read_map(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view client;
    double number = 0;
    if (reader.peek() != MsgType::String || !reader.read_string(client)) return false;
    if (reader.peek() != MsgType::Number || !reader.read_number(number)) return false;
    if (!(number >= 0) || number > static_cast<double>(kMaxInteger)) return false;
    clock.emplace_back(std::string(client), static_cast<std::uint64_t>(number));
  }
  std::sort(clock.begin(), clock.end());
  return true;
}

Result<Frame> read_sync(const Fields& fields) {
  SyncFrame frame;
  if (!read_clock(fields.raw(kClock), frame.clock))
    return bad("vectorClock: is not a map of whole numbers");
  std::optional<std::uint64_t> count;
  if (!fields.whole(kCount, count)) return bad("count: is not a whole number");
  frame.count = count.value_or(0);
  frame.salt = std::string(fields.text(kSalt).value_or(""));
  if (fields.type(kFilter) == MsgType::Binary) {
    ByteSpan bytes;
    if (!MsgReader(fields.raw(kFilter)).read_binary(bytes)) return bad("filter: cannot be read");
    frame.filter.assign(bytes.begin(), bytes.end());
  } else if (const auto text = fields.text(kFilter)) {
    auto bytes = decode_base64(*text);
    if (!bytes) return bad("filter: is not base64");
    frame.filter = std::move(*bytes);
  } else if (fields.type(kFilter) != MsgType::Nil) {
    return bad("filter: is neither bytes nor base64");
  }
  return Frame(std::move(frame));
}

Status check_request_id(const Fields& fields) {
  const MsgType type = fields.type(kRequestId);
  const bool fits = fields.raw(kRequestId).size() <= kMaxRequestIdBytes;
  if ((type == MsgType::String || type == MsgType::Number) && fits) return {};
  return bad("requestId: is no short string or number");
}

Result<Frame> read_sync_check(const Fields& fields) {
  if (Status status = check_request_id(fields); !status) return status.error();
  return Frame(SyncCheckFrame{fields.copy(kRequestId)});
}

Result<Frame> read_history(const Fields& fields) {
  if (Status status = check_request_id(fields); !status) return status.error();
  HistoryFrame frame;
  std::optional<std::uint64_t> before, limit;
  if (!fields.whole(kBefore, before)) return bad("before: is not a whole number");
  if (!fields.whole(kLimit, limit) || limit.value_or(1) > kMaxHistory)
    return bad("limit: is not a whole number up to " + std::to_string(kMaxHistory));
  frame.request_id = fields.copy(kRequestId);
  frame.before = before.value_or(frame.before);
  frame.limit = limit.value_or(frame.limit);
  return Frame(std::move(frame));
}

Result<Frame> read_presence(const Fields& fields) {
  if (fields.type(kState) == MsgType::Nil) return Frame(PresenceFrame{});
  return Frame(PresenceFrame{fields.copy(kState)});
}

Result<Frame> read_offer(const Fields& fields) {
  if (fields.type(kIds) != MsgType::Array) return bad("ids: is not an array");
  MsgReader reader(fields.raw(kIds));
  OfferFrame frame;
  std::uint32_t count = 0;
  if (!reader.read_array(count)) return bad("ids: cannot be read");
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view id;
    const bool text = reader.peek() == MsgType::String && reader.read_string(id);
    if (!text || id.empty() || id.size() > kMaxIdBytes) return bad("ids: one is not an id");
    frame.ids.emplace_back(id);
  }
  return Frame(std::move(frame));
}

Result<Frame> read_auth(const Fields& fields) {
  const auto token = fields.text(kToken);
  if (!token) return bad("token: is not a string");
  return Frame(AuthFrame{std::string(*token)});
}

/// In the order of kFrameNames.
constexpr Result<Frame> (*kReaders[])(const Fields&) = {read_crdt,       read_heartbeat, read_sync,
                                                        read_sync_check, read_presence,  read_offer,
                                                        read_auth,       read_history};
static_assert(std::size(kReaders) == kFrameNames.size());

}  // namespace

Result<Frame> read_frame(ByteSpan msgpack) {
  Fields fields;
  if (Status status = fields.read(msgpack); !status) return status.error();
  if (fields.raw(kMtype).empty() && !fields.raw(kOps).empty()) {
    return Frame(CrdtFrame{Bytes(msgpack.begin(), msgpack.end())});
  }
  const auto mtype = fields.text(kMtype);
  if (!mtype) return bad("mtype: is not a string");
  const auto known = std::find(kFrameNames.begin(), kFrameNames.end(), *mtype);
  if (known != kFrameNames.end())
    return kReaders[static_cast<std::size_t>(known - kFrameNames.begin())](fields);
  return make_error(ErrorCode::UnknownMtype, "mtype: is unknown");
}

Result<Frame> read_json_frame(std::string_view json) {
  Result<Bytes> bytes = json_to_msgpack(json);
  if (!bytes) return bytes.error();
  return read_frame(*bytes);
}

}  // namespace vuer_rtc::server
