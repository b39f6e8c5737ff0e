// Reads what a WebSocket client sends (RFC 6455) out of bytes that may end anywhere. A message that
// is whole in them is given where it lies; only one in pieces is gathered.
//
// A message in a million empty pieces costs a million turns and grows nothing, so its frames are
// counted against the policy as well as its bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/policy.hpp"

namespace vuer_rtc::net {

class FrameReader {
 public:
  enum class Kind : std::uint8_t { Nothing, Message, Ping, Pong, Close, Fault };
  struct Event {
    Kind kind = Kind::Nothing;
    std::string_view payload;  ///< until the next call
    bool text = false;
    int code = 0;            ///< of a Close (0: it had none) or for a Fault
    const char* fault = "";  ///< what was wrong
  };

  explicit FrameReader(const ConnectionPolicy& policy) : policy_(policy) {}

  /// Takes one frame's bytes off the front of `bytes`, which it unmasks in place. Nothing: all were
  /// taken. After a Fault it must not be called again.
  Event next(std::span<std::uint8_t>& bytes);

 private:
  bool take_header(std::span<std::uint8_t>& bytes);
  std::size_t header_size() const;
  bool is_control() const;
  Event on_header();
  Event on_control_header() const;
  Event on_data_header();
  void unmask(std::span<std::uint8_t> bytes);
  Event on_frame(std::string_view payload);
  Event on_message(std::string_view payload);
  static Event on_close(std::string_view payload);

  const ConnectionPolicy& policy_;
  std::array<std::uint8_t, 14> header_{};
  std::uint8_t header_bytes_ = 0;  // how much of it is here
  bool in_payload_ = false;
  bool given_ = false;                // what was gathered is with the caller
  bool text_ = false, open_ = false;  // of the message under way
  std::uint32_t frames_ = 0, empties_ = 0;
  std::uint64_t left_ = 0;       // of this frame's payload
  std::uint64_t announced_ = 0;  // bytes of the message, this frame's included
  std::size_t mask_at_ = 0;
  std::string message_;  // pieces that came before
  std::string control_;  // a control frame's
};

}  // namespace vuer_rtc::net
