// Untrusted JSON text to MessagePack in one pass.
//
// Own code instead of simdjson: a lone surrogate escape has to become U+FFFD (simdjson refuses the
// whole text), and MessagePack is the only form the rest of the server reads, so there is no tree
// to build. Repeated keys are passed on: the reader of the frame and the core refuse them where
// they can name the message.
#pragma once

#include <string_view>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::server {

/// Containers in containers a frame may have: the envelope around a value of the greatest depth.
inline constexpr int kMaxFrameDepth = 72;

/// One JSON value and nothing behind it. BadFrame, with the place of the fault; TooDeep.
Result<Bytes> json_to_msgpack(std::string_view json, int max_depth = kMaxFrameDepth);

/// The same, with numbers as they were written: one without fraction and exponent that fits 64 bits
/// is an int64 (0xd3), every other a float64 (0xcb), whatever its value.
Result<Bytes> json_to_exact_msgpack(std::string_view json, int max_depth = kMaxFrameDepth);

}  // namespace vuer_rtc::server
