#include "net/frame_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "net/traffic.hpp"

namespace vuer_rtc::net {
namespace {

constexpr int kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10;
constexpr int kFinal = 0x80;
constexpr std::size_t kMostReason = 123;  // bytes

struct Header {
  std::array<std::uint8_t, 10> bytes;
  std::size_t size;
};

Header header_of(int opcode, std::size_t length) {
  Header out{{static_cast<std::uint8_t>(kFinal | opcode)}, 2};
  int extended = 0;
  if (length < 126) {
    out.bytes[1] = static_cast<std::uint8_t>(length);
  } else {
    extended = length < 65536 ? 2 : 8;
    out.bytes[1] = extended == 2 ? 126 : 127;
  }
  for (int i = extended - 1; i >= 0; --i)
    out.bytes[out.size++] =
        static_cast<std::uint8_t>(static_cast<std::uint64_t>(length) >> (8 * i));
  return out;
}

Header header_of(const Outgoing& message) {
  return header_of(message.text ? kText : kBinary, message.bytes.size());
}

void append_frame(int opcode, std::string_view payload, std::string& out) {
  const Header header = header_of(opcode, payload.size());
  out.append(reinterpret_cast<const char*>(header.bytes.data()), header.size);
  out.append(payload);
}

/// Copies as much of `from` as fits, from `skipped` on; counts `skipped` down or `filled` up.
void fill(std::span<std::uint8_t> out, std::size_t& filled, std::size_t& skipped, const void* from,
          std::size_t size) {
  const std::size_t left_out = std::min(skipped, size);
  skipped -= left_out;
  const std::size_t count = std::min(size - left_out, out.size() - filled);
  if (count == 0) return;  // nothing may lie nowhere
  std::memcpy(out.data() + filled, static_cast<const std::uint8_t*>(from) + left_out, count);
  filled += count;
}

}  // namespace

bool FrameWriter::ping(std::string_view payload) {
  if (!controls_.empty()) return false;
  append_frame(kPing, payload, controls_);
  return true;
}

void FrameWriter::pong(std::string_view payload) { append_frame(kPong, payload, controls_); }

void FrameWriter::close(int code, std::string_view reason) {
  if (std::exchange(closed_, true)) return;
  std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code)};
  payload += reason.substr(0, kMostReason);
  append_frame(kClose, payload, close_);
}

/// Goes on with the message under way; true when there is none any more.
bool FrameWriter::take_message(std::span<std::uint8_t> out, std::size_t& filled) {
  if (message_size_ == 0) return true;
  const Header header = header_of(message_);
  const std::size_t before = filled;
  std::size_t skipped = message_sent_;
  fill(out, filled, skipped, header.bytes.data(), header.size);
  fill(out, filled, skipped, message_.bytes.data(), message_.bytes.size());
  message_sent_ += filled - before;
  if (message_sent_ < message_size_) return false;
  ++traffic.sent_frames;
  traffic.sent_bytes += message_.bytes.size();
  message_ = {};
  message_size_ = message_sent_ = 0;
  return true;
}

std::size_t FrameWriter::gather(std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  const auto take = [&](std::string& from) {
    std::size_t skipped = 0;
    const std::size_t before = filled;
    fill(out, filled, skipped, from.data(), from.size());
    from.erase(0, filled - before);
    return from.empty();
  };
  if (!take(unsent_)) return filled;
  if (!take_message(out, filled) || !take(controls_)) return filled;
  while (!queue_.empty() && filled < out.size()) {
    message_ = queue_.pop();
    message_size_ = header_of(message_).size + message_.bytes.size();
    if (!take_message(out, filled)) return filled;
  }
  if (queue_.empty() && message_size_ == 0) take(close_);
  return filled;
}

}  // namespace vuer_rtc::net
