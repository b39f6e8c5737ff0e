// One log as a file of its own (export and import): MessagePack, with a checksum over everything.
#pragma once

#include "storage/log_store.hpp"

namespace vuer_rtc::server {

Bytes encode_log_file(const LogId& log, const LogContent& content);

struct LogFile {
  LogId log;
  LogContent content;
};
/// Storage says what is wrong with the file.
Result<LogFile> decode_log_file(ByteSpan bytes);

}  // namespace vuer_rtc::server
