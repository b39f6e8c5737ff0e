// What happened, as one hash over all events, and as lines to read when asked for. The server's log
// comes here as well.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/timeline.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::sim {

class Trace {
 public:
  /// While it lives, log() of the server writes here: one trace at a time.
  Trace(const Timeline& timeline, bool readable);
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  /// `who` and `what` are short words; `bytes` a frame in MessagePack or nothing.
  void event(std::string_view who, std::string_view what, ByteSpan bytes = {});
  void event(std::string_view who, std::string_view what, std::uint64_t number);

  std::string hash() const;
  std::uint64_t count() const { return count_; }

 private:
  void add(const void* data, std::size_t size);
  void begin(std::string_view who, std::string_view what);
  void line(std::string_view who, std::string_view what, const std::string& detail) const;
  const Timeline* timeline_;
  bool readable_;
  std::uint64_t hash_ = 14695981039346656037ull;  // FNV-1a
  std::uint64_t count_ = 0;
};

}  // namespace vuer_rtc::sim
