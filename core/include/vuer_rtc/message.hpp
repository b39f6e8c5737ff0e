// A message outside a document: checked, normalised, owned. Law, section 2.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/limits.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

using Hash = std::array<std::uint8_t, 32>;
/// Pairs of client and number, sorted by client (UTF-8 bytes), no client twice.
using Clock = std::vector<std::pair<std::string, std::uint64_t>>;

/// One checked message. `ops` is one MessagePack array in normal form: today's names, clean
/// strings, wire numbers; malformed ops stay in it as they came.
struct Message {
  std::string id;
  std::string client;
  std::uint64_t lt = 0;
  double ts = 0;  ///< milliseconds
  Clock clock;
  std::int64_t stable = kNoLine;  ///< the line it was accepted under; kNoLine: not stamped
  std::uint64_t server_seq = 0;   ///< 0: not accepted yet
  std::uint32_t op_count = 0;
  bool has_meta = false;      ///< holds a meta.undo or meta.redo
  bool has_position = false;  ///< holds a text op in position form
  Bytes ops;

  /// The author's own entry of the clock.
  std::optional<std::uint64_t> own_number() const;
};

/// Whether a fault of one op refuses the message (the door, `edit`) or leaves the op to be ignored
/// (the fold).
enum class Strictness { Fold, Door };

/// Reads one message in MessagePack (a map, and nothing behind it). Refusals are BadMessage,
/// TooBig, TooManyOps or TooDeep, and the text names the field. Names of the older line are
/// accepted.
Result<Message> decode_message(ByteSpan bytes, const Limits& limits,
                               Strictness strictness = Strictness::Fold);

/// The message as it travels: id, client, clock, lt, ts, ops, then serverSeq and stable where
/// stamped.
void encode_message(const Message& message, Bytes& out);

/// SHA-256 over client, own number, ts and ops in canonical form: equal when two copies are the
/// same message.
Hash content_hash(const Message& message);

}  // namespace vuer_rtc
