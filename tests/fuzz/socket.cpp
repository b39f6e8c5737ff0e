// Bytes as what a WebSocket client sends: the same events come out wherever the bytes are cut, and
// no message is over its limits.
#include <span>
#include <string>

#include "fuzz/law.hpp"
#include "net/frame_reader.hpp"
#include "protocol/utf8.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;

namespace {

using net::FrameReader;

net::ConnectionPolicy small_policy() {
  net::ConnectionPolicy policy;
  policy.message_bytes = 300;
  policy.frames_base = 8;
  policy.frame_bytes = 64;
  policy.empty_frames = 3;
  return policy;
}

void check(const FrameReader::Event& event, const net::ConnectionPolicy& policy) {
  const std::size_t most =
      event.kind == FrameReader::Kind::Message ? policy.message_bytes : std::size_t{125};
  must(event.payload.size() <= most, "a payload is within its limit");
  if (event.text) must(server::is_utf8(event.payload), "text is UTF-8");
  if (event.kind == FrameReader::Kind::Fault)
    must(event.code == 1002 || event.code == 1007 || event.code == 1009, "a fault has its code");
}

/// Each event with all that it says, of bytes that come in pieces of this size.
std::string events_of(Bytes bytes, std::size_t step) {
  static const net::ConnectionPolicy policy = small_policy();
  FrameReader reader(policy);
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    std::span<std::uint8_t> piece(bytes.data() + at, std::min(step, bytes.size() - at));
    for (;;) {
      const FrameReader::Event event = reader.next(piece);
      if (event.kind == FrameReader::Kind::Nothing) break;
      check(event, policy);
      out += std::to_string(static_cast<int>(event.kind)) + (event.text ? "t" : "b") +
             std::to_string(event.code) + ":" + std::string(event.payload) + ";";
      if (event.kind == FrameReader::Kind::Fault) return out;
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = 1 + data[0] % 32;
  const Bytes bytes(data + 1, data + size);
  must(events_of(bytes, bytes.size() + 1) == events_of(bytes, step),
       "cuts in the stream change nothing");
  return 0;
}
