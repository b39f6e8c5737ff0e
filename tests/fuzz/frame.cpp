// Bytes as frames of a connection, JSON or MessagePack: what can be read goes to a room, which
// answers with frames that can be read in both encodings. A refused message changes nothing, and
// what was accepted is there after a new start.
#include "room/frame.hpp"

#include <string>
#include <string_view>

#include "fuzz/law.hpp"
#include "protocol/frame_reader.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/json_writer.hpp"
#include "room/instant.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;
using namespace vuer_rtc::server;

namespace {

constexpr ConnectionId kSpeaker = 1, kListener = 2;
constexpr std::size_t kMaxFrames = 12;

std::string_view text_of(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// JSON to MessagePack and back is the same after one way.
void check_json(std::string_view json) {
  Result<Bytes> packed = json_to_msgpack(json);
  if (!packed) return;
  Result<std::string> written = msgpack_to_json(*packed);
  must(written.ok(), "what was read from JSON can be written as JSON");
  Result<Bytes> again = json_to_msgpack(*written);
  must(again.ok(), "what was written can be read");
  Result<std::string> last = msgpack_to_json(*again);
  must(last.ok() && *last == *written, "and is the same");
}

void check_answer(const Delivered& one) {
  if (!one.frame) return;
  Result<std::string> json = msgpack_to_json(one.frame->bytes);
  must(json.ok(), "an answer can be written as JSON");
  check_json(*json);
}

void join(InstantRoom& room, ConnectionId connection, const char* client) {
  Join join;
  join.client = client;
  join.compact = true;
  join.encoding = Encoding::MessagePack;
  room.join(connection, join);
  room.take();
}

void say(InstantRoom& room, Frame frame) {
  const Hash before = *room.room().digest();
  const std::uint64_t seq = room.room().server_seq();
  room.receive(kSpeaker, std::move(frame));
  for (const Delivered& one : room.take()) check_answer(one);
  if (room.room().server_seq() != seq) return;
  must(*room.room().digest() == before, "without a new message nothing changes");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  InstantRoom room;
  join(room, kSpeaker, "a");
  join(room, kListener, "listener");
  for (std::size_t i = 0; i < kMaxFrames && !choices.empty(); i++) {
    const bool json = choices.one_in(2);
    const Bytes bytes = choices.slice();
    if (json) check_json(text_of(bytes));
    Result<Frame> frame = json ? read_json_frame(text_of(bytes)) : read_frame(bytes);
    if (frame) say(room, std::move(*frame));
  }
  room.room().document().check();
  const Hash digest = *room.room().digest();
  room.restart();
  must(*room.room().digest() == digest, "a new start finds everything that was accepted");
  return 0;
}
