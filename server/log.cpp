#include "log.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

#include "http/json_object.hpp"

namespace vuer_rtc::server {
namespace {

std::atomic<LogLevel> threshold{LogLevel::Info};
std::atomic<LogFormat> format{LogFormat::Json};
constexpr std::string_view kNames[] = {"error", "warn", "info", "debug"};

/// What clients chose (room, client) must not forge lines.
void append_field(std::string_view text, std::string& line) {
  for (const char c : text)
    line.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c);
}

std::string text_line(LogLevel level, std::string_view event, LogFields fields) {
  std::string line;
  append_time(line);
  line.append(" ").append(kNames[static_cast<int>(level)]).append(" ").append(event);
  for (const auto& [name, value] : fields) {
    line.append(" ").append(name).append("=");
    append_field(value, line);
  }
  return line;
}

std::string json_line(LogLevel level, std::string_view event, LogFields fields) {
  std::string time;
  append_time(time);
  JsonObject line;
  line.text("time", time).text("level", kNames[static_cast<int>(level)]).text("event", event);
  for (const auto& [name, value] : fields) line.text(name, value);
  return line.done();
}

}  // namespace

void append_time(std::string& line) {
  using namespace std::chrono;
  const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  const std::time_t seconds = now / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  line.append(text, length);
  std::snprintf(text, sizeof text, ".%03dZ", static_cast<int>(now % 1000));
  line += text;
}

void set_log_level(LogLevel level) { threshold = level; }

void set_log_format(LogFormat wanted) { format = wanted; }

void log(LogLevel level, std::string_view event, LogFields fields) {
  if (level > threshold) return;
  std::string line =
      format == LogFormat::Json ? json_line(level, event, fields) : text_line(level, event, fields);
  line.push_back('\n');
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace vuer_rtc::server
