#include "net/frame_meter.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace vuer_rtc::net;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// One masked frame with a payload of zeros.
Bytes frame(int opcode, bool last, std::size_t length) {
  Bytes out = {static_cast<std::uint8_t>((last ? 0x80 : 0) | opcode)};
  if (length < 126) {
    out.push_back(static_cast<std::uint8_t>(0x80 | length));
  } else if (length < 65536) {
    out.insert(out.end(),
               {0xfe, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  } else {
    out.push_back(0xff);
    for (int shift = 56; shift >= 0; shift -= 8)
      out.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(length) >> shift));
  }
  out.resize(out.size() + 4 + length);
  return out;
}

void append(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

/// A message of so many frames, each of `length` bytes.
Bytes message(std::size_t frames, std::size_t length) {
  Bytes out;
  for (std::size_t i = 0; i < frames; ++i)
    append(out, frame(i == 0 ? 1 : 0, i + 1 == frames, length));
  return out;
}

bool is_fine(const Bytes& bytes) { return FrameMeter(ConnectionPolicy{}).feed(bytes); }

}  // namespace

TEST_CASE("frame_meter_allows_64_frames_and_one_more_for_each_16_kib") {
  CHECK(is_fine(message(64, 1)));
  CHECK_FALSE(is_fine(message(65, 1)));
  CHECK(is_fine(message(65, 256)));  // 16,640 bytes
  CHECK_FALSE(is_fine(message(65, 252)));
  CHECK(is_fine(message(1000, 17'600)));
}

TEST_CASE("frame_meter_allows_16_empty_frames") {
  CHECK(is_fine(message(16, 0)));
  CHECK_FALSE(is_fine(message(17, 0)));
}

TEST_CASE("frame_meter_counts_each_message_anew_and_control_frames_apart") {
  FrameMeter meter{ConnectionPolicy{}};
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(meter.feed(message(1, 0)));
    REQUIRE(meter.feed(message(60, 70'000 / 60)));
  }
  Bytes mixed = frame(1, false, 3);
  for (int i = 0; i < 500; ++i) append(mixed, frame(9, true, 125));
  append(mixed, frame(0, true, 3));
  CHECK(meter.feed(mixed));
  CHECK(meter.take_controls() == 500);
  CHECK(meter.take_controls() == 0);
}

TEST_CASE("frame_meter_does_not_care_where_the_bytes_are_cut") {
  Bytes all;
  for (std::size_t length : {0, 1, 125, 126, 127, 65'535, 65'536, 70'000})
    append(all, message(3, length));
  append(all, frame(10, true, 0));
  for (const std::size_t step : {1, 2, 3, 7, 13, 1000, 65'537}) {
    FrameMeter meter{ConnectionPolicy{}};
    for (std::size_t at = 0; at < all.size(); at += step)
      REQUIRE(meter.feed(std::span(all).subspan(at, std::min(step, all.size() - at))));
    CHECK(meter.take_controls() == 1);
  }
}

TEST_CASE("frame_meter_takes_the_longest_length_for_what_it_says") {
  FrameMeter meter{ConnectionPolicy{}};
  Bytes header = {0x82, 0xff};
  header.resize(14, 0xff);
  CHECK(meter.feed(header));
  CHECK(meter.feed(Bytes(100'000, 0x80)));  // all of it is payload
}
