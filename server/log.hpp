// One line per event on stderr, as JSON or as text: time, level, event, fields. Never contents of
// messages, never tokens.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace vuer_rtc::server {

enum class LogLevel { Error, Warn, Info, Debug };

enum class LogFormat { Json, Text };
using LogFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

void set_log_level(LogLevel level);
void set_log_format(LogFormat format);
/// Now, as every line begins: UTC, in milliseconds.
void append_time(std::string& line);
void log(LogLevel level, std::string_view event, LogFields fields = {});

}  // namespace vuer_rtc::server
