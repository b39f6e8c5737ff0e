#include "net/frame_writer.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace vuer_rtc::net;

namespace {

const ConnectionPolicy kPolicy;

Outgoing message(std::string_view bytes) { return {nullptr, bytes, true, Weight::Ordered}; }

/// All that is gathered by a socket that takes `most` bytes at a time out of a buffer of `room`.
std::string drain(FrameWriter& writer, std::size_t room, std::size_t most) {
  std::string out;
  std::vector<std::uint8_t> buffer(room);
  while (const std::size_t size = writer.gather(buffer)) {
    const std::size_t taken = std::min(size, most);
    out.append(reinterpret_cast<const char*>(buffer.data()), taken);
    if (taken < size) writer.keep(std::span(buffer).subspan(taken, size - taken));
  }
  return out;
}

}  // namespace

TEST_CASE("frame_writer_puts_what_waits_into_one_buffer_in_order") {
  FrameWriter writer(kPolicy);
  writer.queue().push(message("ab"));
  writer.queue().push(message("c"));
  writer.pong("p");
  writer.close(1000, "x");
  CHECK(drain(writer, 1000, 1000) ==
        "\x8a\x01p\x81\x02"
        "ab\x81\x01"
        "c\x88\x03\x03\xe8x");
  CHECK(writer.has_closed());
}

TEST_CASE("frame_writer_gives_the_same_bytes_however_little_the_socket_takes") {
  const std::string big(70'000, 'b'), middle(300, 'm');
  const auto fill = [&](FrameWriter& writer) {
    writer.begin_with("HTTP");
    for (const std::string_view bytes : {std::string_view("a"), std::string_view(middle),
                                         std::string_view(), std::string_view(big)})
      writer.queue().push(message(bytes));
    writer.close(1001, "end");
  };
  FrameWriter whole(kPolicy);
  fill(whole);
  const std::string wanted = drain(whole, 100'000, 100'000);
  CHECK(wanted.size() == 4 + 3 + 4 + 300 + 2 + 10 + 70'000 + 7);
  for (const std::size_t most : {1, 2, 7, 999, 65'536}) {
    FrameWriter writer(kPolicy);
    fill(writer);
    CHECK(drain(writer, 1024, most) == wanted);
    CHECK(writer.is_idle());
  }
}

TEST_CASE("frame_writer_finishes_the_frame_that_has_begun_when_the_queue_is_cleared") {
  FrameWriter writer(kPolicy);
  writer.queue().push(message("0123456789"));
  writer.queue().push(message("never"));
  std::array<std::uint8_t, 5> buffer{};
  REQUIRE(writer.gather(buffer) == 5);
  writer.queue().clear();
  writer.ping({});
  writer.close(4009, "");
  CHECK(drain(writer, 100, 100) == std::string("3456789\x89\x00\x88\x02\x0f\xa9", 13));
}

TEST_CASE("frame_writer_has_one_ping_at_a_time") {
  FrameWriter writer(kPolicy);
  writer.ping({});
  writer.ping({});
  CHECK(drain(writer, 100, 100) == std::string("\x89\x00", 2));
  CHECK(writer.waiting_bytes() == 0);
}
