// The inbox and the outbox (boundary.hpp). The inbox lives in malloc, which may fail without ending
// the module.
#include "boundary.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace vuer_rtc::wasm {
namespace {

std::uint8_t* inbox_bytes = nullptr;
std::uint32_t inbox_size = 0;
Outbox out{0, 0, 0};
Bytes kept_bytes;
std::string kept_text;

std::uint32_t address(const void* pointer) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer));
}

}  // namespace

Outbox& outbox() { return out; }

std::uint8_t* reserve_inbox(std::uint32_t size) {
  if (size <= inbox_size) return inbox_bytes;
  auto* grown = static_cast<std::uint8_t*>(std::realloc(inbox_bytes, size));
  if (grown == nullptr) return nullptr;
  inbox_bytes = grown;
  inbox_size = size;
  return inbox_bytes;
}

ByteSpan inbox(std::uint32_t length, std::uint32_t offset) {
  offset = std::min(offset, inbox_size);
  return ByteSpan(inbox_bytes + offset, std::min(length, inbox_size - offset));
}

std::string_view inbox_text(std::uint32_t length) {
  const ByteSpan bytes = inbox(length);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

int answer(ByteSpan bytes, double value) {
  out = {address(bytes.data()), static_cast<std::uint32_t>(bytes.size()), value};
  return 0;
}

int answer(Bytes&& bytes, double value) {
  kept_bytes = std::move(bytes);
  return answer(ByteSpan(kept_bytes), value);
}

int answer_read(Bytes&& bytes, double value) {
  if (bytes.empty()) return fail(make_error(ErrorCode::OutOfMemory));
  return answer(std::move(bytes), value);
}

int answer_hash(const Hash& hash) {
  return answer_read(hash == Hash{} ? Bytes() : Bytes(hash.begin(), hash.end()));
}

int answer(double value) { return answer(ByteSpan(), value); }

int fail(const Error& error) {
  kept_text = error.text.empty() ? make_error(error.code).text : error.text;
  out = {address(kept_text.data()), static_cast<std::uint32_t>(kept_text.size()), 0};
  return static_cast<int>(error.code) + 1;
}

int answer(const Status& status) { return status.ok() ? answer(0.0) : fail(status.error()); }

bool has_room(std::size_t size) {
  void* volatile probe = std::malloc(size);  // volatile: the compiler must not drop the pair
  if (probe == nullptr) return false;
  std::free(probe);
  return true;
}

}  // namespace vuer_rtc::wasm
