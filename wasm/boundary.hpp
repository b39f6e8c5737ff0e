// How bytes cross into and out of the module: one inbox the caller fills, one outbox it reads after
// a call.
//
// Every call returns 0 or ErrorCode + 1. After 0 the outbox holds the answer, after an error its
// text. What the outbox points to stays valid until the next call.
#pragma once

#include <cstdint>
#include <string_view>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/message.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::wasm {

/// What the caller reads after a call, at a fixed address: where the bytes are, and one number.
struct Outbox {
  std::uint32_t pointer;
  std::uint32_t length;
  double value;
};

/// The one outbox of the module.
Outbox& outbox();

/// Makes the inbox at least `size` bytes and keeps its content; nullptr when there is no memory.
std::uint8_t* reserve_inbox(std::uint32_t size);
/// `length` bytes of the inbox from `offset`, cut to what the inbox holds.
ByteSpan inbox(std::uint32_t length, std::uint32_t offset = 0);
std::string_view inbox_text(std::uint32_t length);

/// Points the outbox at bytes that outlive the call.
int answer(ByteSpan bytes, double value = 0);
/// Keeps the bytes until the next call and points the outbox at them.
int answer(Bytes&& bytes, double value = 0);
int answer(double value);
/// Readers whose answer is never empty, and no digest is zeros: that means no memory.
int answer_read(Bytes&& bytes, double value = 0);
int answer_hash(const Hash& hash);
/// Puts the error's text into the outbox and returns its code + 1.
int fail(const Error& error);
int answer(const Status& status);

/// True when `size` bytes can be had now. Without exceptions a failed `new` ends the module, so
/// calls whose cost grows with their input ask first.
bool has_room(std::size_t size);

}  // namespace vuer_rtc::wasm
