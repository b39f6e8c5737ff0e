// One line per event on stderr: time, level, event, fields. Never contents of messages, never
// tokens.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

namespace vuer_rtc::server {

enum class LogLevel { Error, Warn, Info, Debug };

void set_log_level(LogLevel level);
void log(LogLevel level, std::string_view event,
         std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {});

}  // namespace vuer_rtc::server
