#include "net/frame_reader.hpp"

#include <algorithm>
#include <utility>

#include "protocol/utf8.hpp"

namespace vuer_rtc::net {
namespace {

constexpr int kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10;
constexpr std::uint8_t kFinal = 0x80, kReserved = 0x70, kMasked = 0x80;
constexpr std::uint64_t kControlBytes = 125;
constexpr int kProtocolError = 1002, kInvalidPayload = 1007;

/// Bytes of the extended length behind this second byte.
std::size_t length_bytes(std::uint8_t second) {
  switch (second & 0x7f) {
    case 126:
      return 2;
    case 127:
      return 8;
    default:
      return 0;
  }
}

FrameReader::Event fault(int code, const char* why) {
  return {FrameReader::Kind::Fault, {}, false, code, why};
}

/// May a peer give this code (RFC 6455, section 7.4)?
bool is_close_code(int code) {
  if (code < 1000 || (code >= 1016 && code < 3000)) return false;
  return code != 1004 && code != 1005 && code != 1006 && code != 1014 && code != 1015;
}

}  // namespace

std::size_t FrameReader::header_size() const {
  if (header_bytes_ < 2) return 2;
  return 2 + length_bytes(header_[1]) + ((header_[1] & kMasked) != 0 ? 4u : 0u);
}

/// True when the whole header is here.
bool FrameReader::take_header(std::span<std::uint8_t>& bytes) {
  while (header_bytes_ < header_size()) {
    const std::size_t missing = std::min(header_size() - header_bytes_, bytes.size());
    if (missing == 0) return false;
    std::copy_n(bytes.begin(), missing, header_.begin() + header_bytes_);
    header_bytes_ = static_cast<std::uint8_t>(header_bytes_ + missing);
    bytes = bytes.subspan(missing);
  }
  return true;
}

FrameReader::Event FrameReader::next(std::span<std::uint8_t>& bytes) {
  if (std::exchange(given_, false)) (is_control() ? control_ : message_) = {};
  for (;;) {
    if (!in_payload_) {
      if (!take_header(bytes)) return {};
      if (const Event event = on_header(); event.kind == Kind::Fault) return event;
      in_payload_ = true;
    }
    const std::size_t count = std::min<std::uint64_t>(left_, bytes.size());
    const std::span<std::uint8_t> piece = bytes.first(count);
    bytes = bytes.subspan(count);
    unmask(piece);
    left_ -= count;
    const std::string_view payload(reinterpret_cast<const char*>(piece.data()), piece.size());
    if (left_ != 0) {
      (is_control() ? control_ : message_).append(payload);
      return {};
    }
    in_payload_ = false;
    header_bytes_ = 0;
    const Event event = on_frame(payload);
    if (event.kind != Kind::Nothing) return event;
  }
}

FrameReader::Event FrameReader::on_header() {
  const std::size_t extended = length_bytes(header_[1]);
  left_ = extended == 0 ? header_[1] & 0x7fu : 0;
  for (std::size_t i = 0; i < extended; ++i) left_ = left_ << 8 | header_[2 + i];
  mask_at_ = 0;
  if ((header_[0] & kReserved) != 0) return fault(kProtocolError, "reserved bits are set");
  if ((header_[1] & kMasked) == 0) return fault(kProtocolError, "a frame without a mask");
  if ((extended == 2 && left_ < 126) || (extended == 8 && left_ < 65536))
    return fault(kProtocolError, "a length in more bytes than it needs");
  return is_control() ? on_control_header() : on_data_header();
}

FrameReader::Event FrameReader::on_control_header() const {
  if ((header_[0] & 0x0f) > kPong) return fault(kProtocolError, "an unknown opcode");
  if ((header_[0] & kFinal) == 0) return fault(kProtocolError, "a control frame in pieces");
  if (left_ > kControlBytes) return fault(kProtocolError, "a control frame over 125 bytes");
  return {};
}

FrameReader::Event FrameReader::on_data_header() {
  const int opcode = header_[0] & 0x0f;
  if (opcode > kBinary) return fault(kProtocolError, "an unknown opcode");
  if ((opcode == kContinuation) != open_)
    return fault(kProtocolError,
                 open_ ? "a message inside a message" : "a continuation of nothing");
  if (!open_) {
    text_ = opcode == kText;
    frames_ = empties_ = 0;
    announced_ = 0;
  }
  open_ = (header_[0] & kFinal) == 0;
  ++frames_;
  empties_ += left_ == 0 ? 1 : 0;
  if (left_ > policy_.message_bytes || announced_ + left_ > policy_.message_bytes)
    return fault(policy_.codes.too_big, "message too big");
  announced_ += left_;
  if (frames_ > policy_.frames_base + announced_ / policy_.frame_bytes ||
      empties_ > policy_.empty_frames)
    return fault(policy_.codes.too_many_frames, "a message in too many frames");
  return {};
}

void FrameReader::unmask(std::span<std::uint8_t> bytes) {
  std::array<std::uint8_t, 8> mask{};
  const std::uint8_t* const given = header_.data() + 2 + length_bytes(header_[1]);
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = given[(mask_at_ + i) & 3];
  std::uint64_t wide = 0;
  std::copy(mask.begin(), mask.end(), reinterpret_cast<std::uint8_t*>(&wide));
  std::size_t at = 0;
  for (; at + sizeof wide <= bytes.size(); at += sizeof wide) {
    std::uint64_t word = 0;
    std::copy_n(bytes.data() + at, sizeof word, reinterpret_cast<std::uint8_t*>(&word));
    word ^= wide;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&word), sizeof word, bytes.data() + at);
  }
  for (std::size_t i = 0; at + i < bytes.size(); ++i) bytes[at + i] ^= mask[i];
  mask_at_ += bytes.size();
}

bool FrameReader::is_control() const { return (header_[0] & kClose) != 0; }

/// A frame's last piece is here.
FrameReader::Event FrameReader::on_frame(std::string_view payload) {
  if (!is_control() && open_) {
    message_.append(payload);
    return {};
  }
  if (std::string& gathered = is_control() ? control_ : message_; !gathered.empty()) {
    payload = gathered.append(payload);
    given_ = true;
  }
  const int opcode = header_[0] & 0x0f;
  if (opcode == kClose) return on_close(payload);
  if (opcode == kPing || opcode == kPong)
    return {opcode == kPing ? Kind::Ping : Kind::Pong, payload};
  return on_message(payload);
}

FrameReader::Event FrameReader::on_message(std::string_view payload) {
  if (text_ && !server::is_utf8(payload)) return fault(kInvalidPayload, "text that is not UTF-8");
  return {Kind::Message, payload, text_};
}

FrameReader::Event FrameReader::on_close(std::string_view payload) {
  if (payload.empty()) return {Kind::Close, {}, false, 0};
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(payload[i]); };
  const int code = payload.size() < 2 ? 0 : byte(0) << 8 | byte(1);
  if (!is_close_code(code) || !server::is_utf8(payload.substr(2)))
    return fault(kProtocolError, "a close that is none");
  return {Kind::Close, payload.substr(2), false, code};
}

}  // namespace vuer_rtc::net
