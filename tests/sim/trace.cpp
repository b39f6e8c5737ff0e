#include "sim/trace.hpp"

#include <cstdio>

#include "json_messages.hpp"
#include "log.hpp"

namespace vuer_rtc::sim {
namespace {

constexpr std::size_t kLineEnd = 600;  // of a frame's text, for people

Trace* current = nullptr;

std::string readable(ByteSpan frame) {
  std::string text;
  try {
    text = json_of(frame).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  } catch (const std::exception&) {
    text = std::to_string(frame.size()) + " bytes that are no frame";
  }
  if (text.size() > kLineEnd) text = text.substr(0, kLineEnd) + "...";
  return text;
}

}  // namespace

Trace::Trace(const Timeline& timeline, bool readable) : timeline_(&timeline), readable_(readable) {
  current = this;
}

Trace::~Trace() { current = nullptr; }

void Trace::add(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  for (std::size_t i = 0; i < size; i++) hash_ = (hash_ ^ bytes[i]) * 1099511628211ull;
}

void Trace::begin(std::string_view who, std::string_view what) {
  count_++;
  std::int64_t now = timeline_->now();
  add(&now, sizeof now);
  add(who.data(), who.size());
  add(what.data(), what.size());
}

void Trace::event(std::string_view who, std::string_view what, ByteSpan bytes) {
  begin(who, what);
  add(bytes.data(), bytes.size());
  if (readable_) line(who, what, bytes.empty() ? "" : readable(bytes));
}

void Trace::event(std::string_view who, std::string_view what, std::uint64_t number) {
  begin(who, what);
  add(&number, sizeof number);
  if (readable_) line(who, what, std::to_string(number));
}

void Trace::line(std::string_view who, std::string_view what, const std::string& detail) const {
  std::printf("%9.3f s  %-10.*s %-24.*s %s\n", static_cast<double>(timeline_->now()) / 1000,
              static_cast<int>(who.size()), who.data(), static_cast<int>(what.size()), what.data(),
              detail.c_str());
}

std::string Trace::hash() const {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_));
  return text;
}

}  // namespace vuer_rtc::sim

namespace vuer_rtc::server {

void set_log_level(LogLevel) {}

void log(LogLevel, std::string_view event,
         std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  if (sim::current == nullptr) return;
  std::string line(event);
  for (const auto& [name, value] : fields) line.append(" ").append(name).append("=").append(value);
  sim::current->event("log", line);
}

}  // namespace vuer_rtc::server
