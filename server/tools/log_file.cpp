#include "tools/log_file.hpp"

#include "storage/checksum.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::string_view kFormat = "vuer-rtc log 1";

Error unreadable(const char* why) { return make_error(ErrorCode::Storage, why); }

void write_rows(MsgWriter& out, const std::vector<LogRow>& rows) {
  out.array(static_cast<std::uint32_t>(rows.size()));
  for (const LogRow& row : rows) {
    out.array(2);
    out.string(row.key);
    out.binary(row.value);
  }
}

bool read_text(MsgReader& in, std::string& out) {
  std::string_view text;
  if (!in.read_string(text)) return false;
  out = text;
  return true;
}

bool read_bytes(MsgReader& in, Bytes& out) {
  ByteSpan bytes;
  if (!in.read_binary(bytes)) return false;
  out.assign(bytes.begin(), bytes.end());
  return true;
}

bool read_rows(MsgReader& in, std::vector<LogRow>& rows) {
  std::uint32_t count = 0, fields = 0;
  if (!in.read_array(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    LogRow row;
    if (!in.read_array(fields) || fields != 2) return false;
    if (!read_text(in, row.key) || !read_bytes(in, row.value)) return false;
    rows.push_back(std::move(row));
  }
  return true;
}

bool read_content(MsgReader& in, LogFile& file) {
  LogContent& content = file.content;
  double last_seq = 0;
  std::uint32_t count = 0;
  if (!read_text(in, file.log.schema) || !read_text(in, file.log.name)) return false;
  if (!read_text(in, content.epoch) || !in.read_number(last_seq) || !(last_seq >= 0)) return false;
  content.last_seq = static_cast<std::uint64_t>(last_seq);
  if (!read_bytes(in, content.state) || !read_bytes(in, content.snapshot)) return false;
  if (!in.read_array(count)) return false;
  content.entries.resize(count);
  for (Bytes& entry : content.entries) {
    if (!read_bytes(in, entry)) return false;
  }
  return read_rows(in, content.ids) && read_rows(in, content.authors);
}

}  // namespace

Bytes encode_log_file(const LogId& log, const LogContent& content) {
  Bytes bytes;
  MsgWriter out(bytes);
  out.string(kFormat);
  out.string(log.schema);
  out.string(log.name);
  out.string(content.epoch);
  out.number(static_cast<double>(content.last_seq));
  out.binary(content.state);
  out.binary(content.snapshot);
  out.array(static_cast<std::uint32_t>(content.entries.size()));
  for (const Bytes& entry : content.entries) out.binary(entry);
  write_rows(out, content.ids);
  write_rows(out, content.authors);
  out.string(std::to_string(Checksum().add(ByteSpan(bytes)).value()));
  return bytes;
}

Result<LogFile> decode_log_file(ByteSpan bytes) {
  MsgReader in(bytes);
  std::string_view format, checksum;
  if (!in.read_string(format) || format != kFormat)
    return unreadable("it is not a file that export wrote");
  LogFile file;
  const bool whole = read_content(in, file);
  const std::size_t size = bytes.size() - in.left();
  if (!whole || !in.read_string(checksum) || !in.at_end())
    return unreadable("it is cut or damaged");
  if (checksum != std::to_string(Checksum().add(bytes.first(size)).value()))
    return unreadable("its checksum is wrong");
  return file;
}

}  // namespace vuer_rtc::server
