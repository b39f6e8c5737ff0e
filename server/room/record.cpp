#include "room/record.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace vuer_rtc::server {
namespace {

Error unreadable(const std::string& what) {
  return make_error(ErrorCode::Storage, what + " cannot be read");
}

Bytes numbers(std::initializer_list<double> values) {
  Bytes bytes;
  MsgWriter writer(bytes);
  for (const double value : values) writer.number(value);
  return bytes;
}

template <class Integer>
bool read(MsgReader& reader, Integer& out) {
  double value = 0;
  if (!reader.read_number(value) || !(value >= -1 && value <= 9007199254740991.0)) return false;
  out = static_cast<Integer>(value);
  return static_cast<double>(out) == value;
}

}  // namespace

std::optional<NumberedId> numbered_id(std::string_view id) {
  const std::size_t colon = id.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  NumberedId parts{id.substr(0, colon)};
  const char* end = id.data() + id.size();
  const auto [stop, error] = std::from_chars(id.data() + colon + 1, end, parts.number);
  const bool whole = error == std::errc{} && stop == end && parts.number <= kMaxInteger;
  return whole ? std::optional(parts) : std::nullopt;
}

LogRow row_of(const AcceptedMessage& message) {
  LogRow row{message.id,
             numbers({static_cast<double>(message.server_seq), static_cast<double>(message.lt),
                      static_cast<double>(message.stable)})};
  MsgWriter(row.value).binary(message.content);
  return row;
}

LogRow row_of(const AuthorRecord& author) {
  return {author.client,
          numbers({static_cast<double>(author.number), static_cast<double>(author.lt),
                   static_cast<double>(author.named)})};
}

Bytes state_bytes(const FoldedState& state) {
  return numbers({static_cast<double>(state.stable), static_cast<double>(state.folded_seq)});
}

Result<AcceptedMessage> accepted_of(const LogRow& row) {
  AcceptedMessage message;
  message.id = row.key;
  MsgReader reader(row.value);
  ByteSpan content;
  const bool whole = read(reader, message.server_seq) && read(reader, message.lt) &&
                     read(reader, message.stable) && reader.read_binary(content) &&
                     reader.at_end() && content.size() == message.content.size();
  if (!whole) return unreadable("what was stored about message " + row.key);
  std::copy(content.begin(), content.end(), message.content.begin());
  return message;
}

Result<AuthorRecord> author_of(const LogRow& row) {
  AuthorRecord author;
  author.client = row.key;
  MsgReader reader(row.value);
  const bool begun = read(reader, author.number) && read(reader, author.lt);
  // A row written before ids were told apart by their numbers: each of its author's is looked up.
  if (begun && reader.at_end()) author.named = kMaxInteger;
  const bool whole = begun && (reader.at_end() || read(reader, author.named));
  if (whole && reader.at_end()) return author;
  return unreadable("what was stored about author " + row.key);
}

Result<FoldedState> folded_of(ByteSpan bytes) {
  FoldedState state;
  if (bytes.empty()) return state;
  MsgReader reader(bytes);
  if (read(reader, state.stable) && read(reader, state.folded_seq) && reader.at_end()) return state;
  return unreadable("what was stored about the snapshot");
}

}  // namespace vuer_rtc::server
