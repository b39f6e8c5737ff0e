// What a connection of one protocol may do and how it ends. Each protocol fills one from its table;
// the network layer knows nothing else about protocols.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vuer_rtc::net {

using std::chrono::milliseconds;

/// When a protocol wants to know who speaks: before the upgrade (HTTP 401, 403), or right after it
/// (a close code, which browsers can see).
enum class AuthMoment : std::uint8_t { BeforeUpgrade, AfterUpgrade };

/// Units per second, and how many may come at once. A rate of 0: no limit.
struct Rate {
  double per_second = 0;
  double burst = 0;
};

struct CloseCodes {
  int too_many_frames = 1009;  ///< a message in too many pieces
  int too_big = 1009;          ///< a message over the limit
  int unauthorized = 1008;
  int rate_limited = 1008;
  int slow_reader = 1008;
  int malformed = 0;  ///< counts against its address; 0: nothing does
};

struct ConnectionPolicy {
  std::size_t message_bytes = 1 << 20;  ///< of one message
  std::size_t queue_bytes = 1 << 20;    ///< what may wait for a slow reader
  std::size_t queue_frames = 1000;
  std::size_t frames_base = 64;         ///< frames of one message: so many, and one more
  std::size_t frame_bytes = 16 * 1024;  ///< for each so many bytes of it
  std::size_t empty_frames = 16;        ///< of them without a byte
  Rate messages;                        ///< control frames count as well
  Rate bytes;
  milliseconds handshake_time{10'000};
  milliseconds ping_interval{20'000};
  milliseconds silence_time{45'000};  ///< without a byte from the peer; then the socket is closed
  milliseconds close_time{5'000};     ///< what the closing handshake may take
  AuthMoment auth = AuthMoment::AfterUpgrade;
  CloseCodes codes;
};

/// Limits of the listener, whatever the protocol.
struct AddressPolicy {
  std::size_t connections = 1000;  ///< of one address; 0: no limit
  Rate handshakes;                 ///< upgrades of one address, and TLS connections
  Rate faults{};                   ///< malformed messages; over it upgrades are refused for a while
};

}  // namespace vuer_rtc::net
