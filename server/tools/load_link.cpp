#include "tools/load_link.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace vuer_rtc::server {
namespace {

constexpr int kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10;
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::string_view kMask = "\x5a\xc3\x71\x0e";  // a server unmasks whatever it is
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kLength = "Content-Length: ";

std::string upgrade_request(const std::string& host, const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: " + host +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: bG9hZCBvZiB2dWVyLXJ0Yw==\r\n\r\n";
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

}  // namespace

bool LoadLink::open(const sockaddr_storage& address, const std::string& host,
                    const std::string& target) {
  close();
  socket_ = ::socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return false;
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  http_ = target.empty();
  request_ = http_ ? std::string() : upgrade_request(host, target);
  state_ = State::Connecting;
  close_code_ = 0;
  const auto* const at = reinterpret_cast<const sockaddr*>(&address);
  const socklen_t size = address.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  if (::connect(socket_, at, size) == 0 || errno == EINPROGRESS) return true;
  close();
  return false;
}

void LoadLink::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  state_ = State::Closed;
  outgoing_ = {};
  partial_ = {};
}

void LoadLink::on_writable() {
  if (state_ == State::Connecting) {
    state_ = http_ ? State::Open : State::Upgrading;
    outgoing_ = std::exchange(request_, {});
  }
  flush();
}

void LoadLink::flush() {
  if (state_ == State::Closed || state_ == State::Connecting || outgoing_.empty()) return;
  const ssize_t count = ::send(socket_, outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
  if (count > 0) outgoing_.erase(0, static_cast<std::size_t>(count));
  if (count < 0 && errno != EAGAIN && errno != EINTR) close();
}

void LoadLink::on_readable(const Heard& heard) {
  static std::array<char, kReadBytes> buffer;
  const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return close();
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
  if (partial_.empty()) return take(bytes, heard);
  std::string whole = std::exchange(partial_, {});
  whole.append(bytes);
  take(whole, heard);
}

void LoadLink::take(std::string_view bytes, const Heard& heard) {
  while (!bytes.empty() && state_ != State::Closed) {
    std::size_t taken = 0;
    if (state_ == State::Upgrading) {
      taken = take_upgrade(bytes);
    } else {
      taken = http_ ? take_response(bytes, heard) : take_frame(bytes, heard);
    }
    if (taken == 0) break;
    bytes.remove_prefix(taken);
  }
  if (state_ != State::Closed) partial_.assign(bytes);
}

std::size_t LoadLink::take_upgrade(std::string_view bytes) {
  const std::size_t end = bytes.find(kHeadEnd);
  if (end == std::string_view::npos) return 0;
  if (bytes.substr(0, 12) == "HTTP/1.1 101") {
    state_ = State::Open;
  } else {
    const int status = std::atoi(std::string(bytes.substr(9, 3)).c_str());
    close();
    close_code_ = status;
  }
  return end + kHeadEnd.size();
}

std::size_t LoadLink::take_response(std::string_view bytes, const Heard& heard) {
  const std::size_t end = bytes.find(kHeadEnd);
  if (end == std::string_view::npos) return 0;
  const std::size_t length_at = bytes.substr(0, end).find(kLength);
  std::size_t length = 0;
  if (length_at != std::string_view::npos)
    length = std::strtoul(bytes.data() + length_at + kLength.size(), nullptr, 10);
  const std::size_t head = end + kHeadEnd.size();
  if (bytes.size() < head + length) return 0;
  heard(bytes.substr(0, head + length));
  return head + length;
}

/// 0: not whole yet.
std::size_t LoadLink::take_frame(std::string_view bytes, const Heard& heard) {
  if (bytes.size() < 2) return 0;
  const int opcode = bytes[0] & 0x0f;
  std::uint64_t length = bytes[1] & 0x7f;
  const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  const std::size_t head = 2 + extended;
  if (bytes.size() < head) return 0;
  if (extended != 0) length = big_endian(bytes.substr(2, extended));
  if (bytes.size() - head < length) return 0;
  const std::string_view payload = bytes.substr(head, length);
  if (opcode >= kClose) {
    control(opcode, payload);
  } else {
    heard(payload);
  }
  return head + length;
}

void LoadLink::control(int opcode, std::string_view payload) {
  if (opcode == kPing) append_frame(kPong, payload);
  if (opcode != kClose) return;
  const int code = payload.size() < 2 ? 1005 : static_cast<int>(big_endian(payload.substr(0, 2)));
  append_frame(kClose, payload.substr(0, 2));
  flush();
  close();
  close_code_ = code;
}

void LoadLink::send(std::string_view payload, bool text) {
  append_frame(text ? kText : kBinary, payload);
}

void LoadLink::append_frame(int opcode, std::string_view payload) {
  const std::size_t size = payload.size();
  outgoing_.push_back(static_cast<char>(0x80 | opcode));
  if (size < 126) {
    outgoing_.push_back(static_cast<char>(0x80 | size));
  } else {
    const int bytes = size < 65536 ? 2 : 8;
    outgoing_.push_back(static_cast<char>(0x80 | (bytes == 2 ? 126 : 127)));
    for (int i = bytes - 1; i >= 0; --i) outgoing_.push_back(static_cast<char>(size >> (8 * i)));
  }
  outgoing_.append(kMask);
  const std::size_t start = outgoing_.size();
  outgoing_.append(payload);
  for (std::size_t i = 0; i < size; ++i) outgoing_[start + i] ^= kMask[i % kMask.size()];
}

}  // namespace vuer_rtc::server
