#include "net/frame_reader.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace vuer_rtc::net;

namespace {

using Bytes = std::vector<std::uint8_t>;

using Kind = FrameReader::Kind;
const ConnectionPolicy kPolicy;

/// One masked frame with a payload of zeros; the mask is of zeros too.
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

/// What a reader finds in bytes that arrive in pieces of `step`: a letter for each event.
std::string events_of(Bytes bytes, std::size_t step = 1 << 20) {
  FrameReader reader(kPolicy);
  std::string found;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    std::span<std::uint8_t> piece(bytes.data() + at, std::min(step, bytes.size() - at));
    for (;;) {
      const FrameReader::Event event = reader.next(piece);
      if (event.kind == Kind::Nothing) break;
      found.push_back("-mipcf"[static_cast<int>(event.kind)]);
      if (event.kind == Kind::Fault) return found + std::to_string(event.code);
    }
  }
  return found;
}

Bytes masked(int opcode, std::string_view payload, std::array<std::uint8_t, 4> mask) {
  Bytes out = frame(opcode, true, payload.size());
  const std::size_t start = out.size() - payload.size();
  std::copy(mask.begin(), mask.end(), out.begin() + static_cast<std::ptrdiff_t>(start - 4));
  for (std::size_t i = 0; i < payload.size(); ++i)
    out[start + i] = static_cast<std::uint8_t>(payload[i]) ^ mask[i % 4];
  return out;
}

}  // namespace

TEST_CASE("frame_reader_allows_64_frames_and_one_more_for_each_16_kib") {
  CHECK(events_of(message(64, 1)) == "m");
  CHECK(events_of(message(65, 1)) == "f1009");
  CHECK(events_of(message(65, 256)) == "m");  // 16,640 bytes
  CHECK(events_of(message(65, 252)) == "f1009");
}

TEST_CASE("frame_reader_allows_16_empty_frames") {
  CHECK(events_of(message(16, 0)) == "m");
  CHECK(events_of(message(17, 0)) == "f1009");
}

TEST_CASE("frame_reader_counts_each_message_anew_and_control_frames_apart") {
  Bytes many;
  for (int i = 0; i < 100; ++i) {
    append(many, message(1, 0));
    append(many, message(60, 70'000 / 60));
  }
  CHECK(events_of(many) == std::string(200, 'm'));
  Bytes mixed = frame(1, false, 3);
  for (int i = 0; i < 500; ++i) append(mixed, frame(9, true, 125));
  append(mixed, frame(0, true, 3));
  CHECK(events_of(mixed) == std::string(500, 'i') + "m");
}

TEST_CASE("frame_reader_does_not_care_where_the_bytes_are_cut") {
  Bytes all;
  for (std::size_t length : {0, 1, 125, 126, 127, 65'535, 65'536, 70'000})
    append(all, message(3, length));
  append(all, frame(10, true, 125));
  append(all, frame(8, true, 0));
  for (const std::size_t step : {1, 2, 3, 7, 13, 1000, 65'537})
    CHECK(events_of(all, step) == "mmmmmmmmpc");
}

TEST_CASE("frame_reader_unmasks_pieces_of_any_length") {
  const std::string text = "the quick brown fox jumps over the lazy dog, then over another one";
  for (std::size_t step = 1; step < text.size(); ++step) {
    Bytes bytes = masked(1, text, {0x12, 0xfe, 0x80, 0x07});
    FrameReader reader(kPolicy);
    std::string got;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      std::span<std::uint8_t> piece(bytes.data() + at, std::min(step, bytes.size() - at));
      const FrameReader::Event event = reader.next(piece);
      if (event.kind == Kind::Message) got = event.payload;
    }
    REQUIRE(got == text);
  }
}

TEST_CASE("frame_reader_refuses_a_length_before_its_bytes_come") {
  Bytes header = {0x82, 0xff};
  header.resize(14, 0xff);
  CHECK(events_of(header) == "f1009");
  CHECK(events_of(message(1, kPolicy.message_bytes)) == "m");
  Bytes over = message(1, kPolicy.message_bytes + 1);
  over.resize(14);
  CHECK(events_of(over) == "f1009");
}
