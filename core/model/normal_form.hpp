// Normal form of a message's ops (law, sections 2 and 4): today's names, clean strings, numbers in
// wire form.
//
// Ops that are invalid for the fold stay in it as they came; the door and `edit` refuse what JSON
// cannot hold.
#pragma once

#include <cstdint>

#include "model/operation.hpp"
#include "vuer_rtc/error.hpp"
#include "vuer_rtc/limits.hpp"
#include "vuer_rtc/message.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

/// What a message says about its ops as a whole.
struct OpsFacts {
  std::uint32_t op_count = 0;
  bool has_meta = false;
  bool has_position = false;
};

/// Appends the array of ops that the reader stands before to `out`. On a refusal `out` is
/// unspecified.
Status append_normal_ops(MsgReader& reader, const Limits& limits, Strictness strictness, Bytes& out,
                         OpsFacts& facts);

/// True when an op with text kind is written in position form and well formed (law, section 7).
bool is_position_form(const Operation& op);

}  // namespace vuer_rtc
