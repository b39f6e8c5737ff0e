#include "protocol/yjs/struct.hpp"

#include "protocol/yjs/json.hpp"

namespace vuer_rtc::yjs {
namespace {

constexpr unsigned kKindBits = 31, kKeyBit = 32, kRightOriginBit = 64, kOriginBit = 128;
constexpr unsigned kSkipInfo = 10;
constexpr unsigned kMostType = 6;
constexpr std::string_view kHalfPair = "\xef\xbf\xbd";  // what Yjs writes for half a pair

Id read_id(Reader& reader) {
  const ClientId client = reader.var_uint();
  return {client, reader.var_uint()};
}

Head read_head(Reader& reader) {
  Head head;
  const unsigned info = reader.byte();
  head.has_key = (info & kKeyBit) != 0;
  if (info & kOriginBit) head.origin = read_id(reader);
  if (info & kRightOriginBit) head.right_origin = read_id(reader);
  if (head.origin || head.right_origin) return head;
  const std::uint64_t parent_info = reader.var_uint();
  if (parent_info > 1) reader.fail(Fault::ParentInfo);
  if (parent_info == 1) head.root = reader.var_string();
  if (parent_info == 0) head.parent = read_id(reader);
  if (head.has_key) head.key = reader.var_string();
  return head;
}

std::uint64_t utf16_length(std::string_view text) {
  std::uint64_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xc0) != 0x80;
    units += byte >= 0xf0;
  }
  return units;
}

/// JSON that no client can read would poison the room for ever, so it is refused here.
void read_json(Reader& reader, bool may_be_undefined = false) {
  const std::string_view text = reader.var_string();
  if (!is_json(text) && !(may_be_undefined && text == "undefined")) reader.fail(Fault::Json);
}

void read_type(Reader& reader) {
  const std::uint64_t type = reader.var_uint();
  if (type > kMostType) return reader.fail(Fault::TypeRef);
  if (type == 3 || type == 5) reader.var_string();  // an XML element or hook has a name
}

void read_element(Reader& reader, Kind kind) {
  kind == Kind::Json ? read_json(reader, true) : reader.skip_any();
}

void read_single(Reader& reader, Kind kind) {
  switch (kind) {
    case Kind::Binary:
      return static_cast<void>(reader.var_bytes());
    case Kind::Embed:
      return read_json(reader);
    case Kind::Format:
      reader.var_string();
      return read_json(reader);
    case Kind::Type:
      return read_type(reader);
    default:  // a subdocument
      reader.var_string();
      reader.skip_any();
  }
}

/// Reads the content, says where it is and gives its length in clocks.
std::uint64_t read_content(Reader& reader, Struct& item) {
  std::uint64_t length = 1;
  item.content.offset = static_cast<std::uint32_t>(reader.at());
  if (item.kind == Kind::Deleted) {
    length = reader.var_uint();
    item.content.offset = static_cast<std::uint32_t>(reader.at());
  } else if (item.kind == Kind::Text) {
    const std::string_view text = reader.var_string();
    item.content.offset = static_cast<std::uint32_t>(reader.at() - text.size());
    length = utf16_length(text);
  } else if (item.kind == Kind::Json || item.kind == Kind::Any) {
    length = reader.count(1);
    item.content.offset = static_cast<std::uint32_t>(reader.at());
    for (std::uint64_t i = 0; i < length && reader.ok(); i++) read_element(reader, item.kind);
  } else {
    read_single(reader, item.kind);
  }
  item.content.size = static_cast<std::uint32_t>(reader.at()) - item.content.offset;
  return length;
}

struct Place {
  std::size_t offset = 0;
  bool is_inside_pair = false;  // the pair begins at offset
};

Place place_of(std::string_view text, std::uint64_t units) {
  std::size_t at = 0;
  while (units > 0 && at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead >= 0xf0 && units == 1) return {at, true};
    units -= lead >= 0xf0 ? 2 : 1;
    at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  }
  return {at, false};
}

void keep(Slice& content, std::size_t from, std::size_t to) {
  content.offset += static_cast<std::uint32_t>(from);
  content.size = static_cast<std::uint32_t>(to - from);
}

/// A pair that is cut through becomes a half on either side, so that units stay counted.
void cut_text(Struct& part, std::uint64_t from, std::uint64_t to, std::uint64_t length) {
  const std::string_view text = as_text(part.content.view());
  const bool had_front = part.half_front;
  Place first, last{text.size(), false};
  if (to < length) {
    last = place_of(text, to - had_front);
    part.half_back = last.is_inside_pair;
  }
  if (from > 0) {
    first = place_of(text, from - had_front);
    part.half_front = first.is_inside_pair;
    if (first.is_inside_pair) first.offset += 4;
  }
  keep(part.content, first.offset, last.offset);
}

void cut_elements(Struct& part, std::uint64_t from, std::uint64_t to) {
  Reader reader(part.content.view());
  for (std::uint64_t i = 0; i < from; i++) read_element(reader, part.kind);
  const std::size_t first = reader.at();
  for (std::uint64_t i = from; i < to; i++) read_element(reader, part.kind);
  keep(part.content, first, reader.at());
}

void write_id(Writer& writer, const Id& id) {
  writer.var_uint(id.client);
  writer.var_uint(id.clock);
}

void write_head(Writer& writer, Kind kind, const Head& head) {
  writer.byte(static_cast<unsigned>(kind) | (head.origin ? kOriginBit : 0) |
              (head.right_origin ? kRightOriginBit : 0) | (head.key ? kKeyBit : 0));
  if (head.origin) write_id(writer, *head.origin);
  if (head.right_origin) write_id(writer, *head.right_origin);
  if (head.origin || head.right_origin) return;
  writer.var_uint(head.root ? 1 : 0);
  if (head.root) writer.var_string(*head.root);
  if (head.parent) write_id(writer, *head.parent);
  if (head.key) writer.var_string(*head.key);
}

std::size_t text_bytes(const Struct& part) {
  return part.content.size + (part.half_front + part.half_back) * kHalfPair.size();
}

void write_text(Writer& writer, std::span<const Struct> parts) {
  std::size_t size = 0;
  for (const Struct& part : parts) size += text_bytes(part);
  writer.var_uint(size);
  for (const Struct& part : parts) {
    if (part.half_front) writer.raw(kHalfPair);
    writer.raw(part.content.view());
    if (part.half_back) writer.raw(kHalfPair);
  }
}

}  // namespace

Head head_of(const Struct& item, ClientId client) {
  Reader reader(ByteSpan(*item.content.owner).subspan(item.head));
  Head head = read_head(reader);
  if (!item.is_tail) return head;
  head.origin = Id{client, item.clock - 1};
  head.parent.reset(), head.root.reset(), head.key.reset();
  return head;
}

Struct read_struct(Reader& reader, const std::shared_ptr<const Bytes>& owner, Clock clock) {
  Struct found;
  found.clock = clock;
  found.head = static_cast<std::uint32_t>(reader.at());
  Reader head = reader;
  const unsigned info = reader.byte(), kind = info & kKindBits;
  if (kind == 0 || kind == kSkipInfo) {
    if (info != kind) reader.fail(Fault::InfoBits);
    found.kind = static_cast<Kind>(kind);
    found.length = reader.var_uint();
    return found;
  }
  reader = head;
  read_head(reader);
  if (kind > kSkipInfo) reader.fail(Fault::ContentRef);
  found.kind = static_cast<Kind>(kind);
  found.content.owner = owner;
  if (reader.ok()) found.length = read_content(reader, found);
  return found;
}

Struct cut(const Struct& whole, Clock from, Clock to) {
  if (from == whole.clock && to == whole.end()) return whole;
  Struct part = whole;
  part.clock = from;
  part.length = to - from;
  part.is_tail = whole.is_tail || from > whole.clock;
  from -= whole.clock, to -= whole.clock;
  if (part.kind == Kind::Text) cut_text(part, from, to, whole.length);
  if (part.kind == Kind::Json || part.kind == Kind::Any) cut_elements(part, from, to);
  return part;
}

void write_struct(Writer& writer, ClientId client, std::span<const Struct> parts) {
  const Struct& first = parts.front();
  std::uint64_t length = 0;
  for (const Struct& part : parts) length += part.length;
  if (first.kind == Kind::Gc || first.kind == Kind::Skip) {
    writer.byte(static_cast<unsigned>(first.kind));
    return writer.var_uint(length);
  }
  write_head(writer, first.kind, head_of(first, client));
  if (first.kind == Kind::Text) return write_text(writer, parts);
  if (first.kind == Kind::Deleted || first.kind == Kind::Json || first.kind == Kind::Any)
    writer.var_uint(length);
  for (const Struct& part : parts)
    if (part.kind != Kind::Deleted) writer.raw(part.content.view());
}

}  // namespace vuer_rtc::yjs
