// What every fuzz target shares: a condition that must hold, a feed of choices out of the fuzzer's
// bytes, and the laws that hold for every document.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "vuer_rtc/document.hpp"

namespace vuer_rtc::fuzz {

/// Stops the process, which libFuzzer reports with the input.
inline void must(bool holds, const char* law) {
  if (holds) return;
  std::fprintf(stderr, "broken law: %s\n", law);
  std::abort();
}

/// Choices out of bytes; zeros when they have run out, so every input is a finite program.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  bool empty() const { return at_ == end_; }
  std::uint8_t byte() { return at_ == end_ ? 0 : *at_++; }
  /// 0 .. count - 1
  std::size_t below(std::size_t count) { return byte() % count; }
  bool one_in(std::size_t count) { return byte() % count == count - 1; }
  std::uint32_t word() {
    std::uint32_t high = byte();
    return high << 8 | byte();
  }
  /// Two bytes of length, then as many bytes as there are: a copy of exactly this size.
  Bytes slice() {
    const std::size_t wanted = word();
    const std::size_t size = std::min(wanted, static_cast<std::size_t>(end_ - at_));
    Bytes bytes(at_, at_ + size);
    at_ += size;
    return bytes;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

/// Folding everything away, saving and loading changes nothing. The document is at its end
/// afterwards.
inline void must_survive_a_snapshot(Document& document) {
  Hash before = document.digest();
  must(document.raise_line(static_cast<std::int64_t>(document.lt())).ok(),
       "the line can be raised");
  document.check();
  must(document.digest() == before, "a raised line changes nothing");
  Result<Bytes> snapshot = document.snapshot();
  must(snapshot.ok(), "a document has a snapshot");
  Document loaded;
  must(loaded.load(*snapshot).ok(), "an own snapshot loads");
  loaded.check();
  must(loaded.digest() == before, "a loaded snapshot is the same document");
}

}  // namespace vuer_rtc::fuzz
