// Recorded inputs and their mutations: every truncation, and every single byte changed.
#pragma once

#include <functional>
#include <vector>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc::testing {

struct RecordedMessage {
  std::vector<Bytes> before;  ///< what the document has received by then
  Bytes message;
};

/// Messages of the law vectors, chosen so that every kind of op is among them. The same ones in
/// every run.
std::vector<RecordedMessage> recorded_messages(std::size_t count);

/// Snapshots of the law vectors of at most `limit` bytes, the smallest first.
std::vector<Bytes> recorded_snapshots(std::size_t limit);

/// Calls `visit` with every proper prefix of the bytes.
void for_each_truncation(const Bytes& bytes, const std::function<void(ByteSpan)>& visit);

/// Calls `visit` with the bytes after each change of one byte to each of the 255 other values.
/// Inputs over kAllValuesUpTo bytes get six of them at each place: the flips of bits 0, 4 and 7 (a
/// neighbour, another size, another kind) and the MessagePack heads 0xc1, array 16 and string 32;
/// all of them when RTC_ALL_BYTES is set in the environment.
void for_each_change(const Bytes& bytes, const std::function<void(ByteSpan)>& visit);

inline constexpr std::size_t kAllValuesUpTo = 64;

}  // namespace vuer_rtc::testing
