// A checked message that owns nothing: the form of the hot path. Law, sections 2 and 4.
//
// The decoder copies nothing that is in normal form already, so a message in order costs no
// allocation.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/normal_form.hpp"
#include "vuer_rtc/error.hpp"
#include "vuer_rtc/limits.hpp"
#include "vuer_rtc/message.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

/// The fields of Message as views. `clock` keeps its capacity; it is sorted by client, no client
/// twice.
struct MessageView {
  std::string_view id;
  std::string_view client;
  std::uint64_t lt = 0;
  double ts = 0;
  std::int64_t stable = kNoLine;
  std::uint64_t server_seq = 0;
  std::uint32_t op_count = 0;
  bool has_meta = false;
  bool has_position = false;
  std::vector<std::pair<std::string_view, std::uint64_t>> clock;
  ByteSpan ops;  ///< one MessagePack array in normal form, head included

  void take(const OpsFacts& facts) {
    op_count = facts.op_count;
    has_meta = facts.has_meta;
    has_position = facts.has_position;
  }
};

class MessageDecoder {
 public:
  /// Reads one message and leaves the reader behind it. `out` points into the bytes read and
  /// into this decoder, until its next decode. Refusals are BadMessage, TooBig, TooManyOps or
  /// TooDeep, and the text names the field.
  Status decode(MsgReader& reader, const Limits& limits, Strictness strictness, MessageView& out);

 private:
  struct Fields;
  bool read_plain(MsgReader& reader, const Limits& limits, MessageView& out);
  Status read_fields(MsgReader& reader, const Limits& limits, Fields& fields);
  Status read_ops(const Fields& fields, const Limits& limits, Strictness strictness,
                  MessageView& out);
  Status read_names(const Fields& fields, MessageView& out);
  Status read_name(const char* name, const Fields& fields, int field, std::size_t limit,
                   std::string_view& out);
  Status read_numbers(const Fields& fields, MessageView& out);
  Status read_clock(const Fields& fields, Strictness strictness, MessageView& out);
  bool clean(std::string_view in, std::string_view& out);

  Bytes normal_;                                       // its ops, where they had to be rewritten
  std::vector<std::unique_ptr<std::string>> cleaned_;  // strings that held encoded surrogates
};

MessageView view_of(const Message& message);
void view_of(const Message& message, MessageView& out);
Message message_of(const MessageView& view);
void encode_message(const MessageView& view, Bytes& out);
std::optional<std::uint64_t> own_number(const MessageView& view);
Hash content_hash(const MessageView& view);

}  // namespace vuer_rtc
