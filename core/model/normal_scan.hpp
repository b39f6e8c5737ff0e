// The way of nearly every message: ops that are in normal form already and pass the door. One pass,
// nothing written.
#pragma once

#include <cstdint>

#include "model/normal_form.hpp"

namespace vuer_rtc {

/// True when the bytes are one op in normal form that passes the door. False: the rewriter must
/// look.
bool is_normal_op(ByteSpan op, const Limits& limits);

/// True when an array of ops in normal form, within the limits, starts at `at`; `at` then stands
/// behind it. False says only that the rewriter must look: `at` and `facts` are as they were.
bool scan_normal_ops(const std::uint8_t*& at, const std::uint8_t* end, const Limits& limits,
                     OpsFacts& facts);

}  // namespace vuer_rtc
