// Messages: the table of section 2 row by row, limits at and one past each, and the same content
// under any encoding.
#include "vuer_rtc/message.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "model/message_view.hpp"
#include "sample_messages.hpp"

using namespace vuer_rtc;

namespace {

struct Field {
  std::string name;
  Write value;
};

Write text(std::string value) {
  return [=](MsgWriter& w) { w.string(value); };
}
Write number(double value) {
  return [=](MsgWriter& w) { w.float64(value); };
}
const Write kNil = [](MsgWriter& w) { w.nil(); };
const Write kNoOps = [](MsgWriter& w) { w.array(0); };

Bytes message_of_fields(std::vector<Field> fields) {
  return written([&](MsgWriter& w) {
    w.map(static_cast<std::uint32_t>(fields.size()));
    for (const Field& field : fields) w.string(field.name), field.value(w);
  });
}

/// A good message with one field replaced or added.
Bytes with(const std::string& name, const Write& value) {
  std::vector<Field> fields{
      {"id", text("a:1")}, {"client", text("a")}, {"lt", number(1)}, {"ops", kNoOps}};
  for (Field& field : fields) {
    if (field.name == name) return field.value = value, message_of_fields(fields);
  }
  fields.push_back({name, value});
  return message_of_fields(fields);
}

std::string refusal(const Bytes& bytes, Strictness strictness = Strictness::Fold) {
  const auto result = decode_message(bytes, Limits{}, strictness);
  return result.ok() ? ""
                     : std::string(error_name(result.error().code)) + " " + result.error().text;
}

bool accepted(const Bytes& bytes) { return refusal(bytes).empty(); }

}  // namespace

TEST_CASE("message_fields_are_checked_at_and_past_their_limits", "[model]") {
  CHECK(accepted(with("id", text(std::string(256, 'x')))));
  CHECK_FALSE(accepted(with("id", text(std::string(257, 'x')))));
  CHECK_FALSE(accepted(with("id", text(""))));
  CHECK_FALSE(accepted(with("id", number(1))));
  CHECK_FALSE(accepted(with("id", kNil)));
  CHECK_FALSE(accepted(with("id", text("\xff"))));
  CHECK(accepted(with("client", text(std::string(200, 'x')))));
  CHECK_FALSE(accepted(with("client", text(std::string(201, 'x')))));
  CHECK(accepted(with("lt", number(0))));
  CHECK(accepted(with("lt", number(9007199254740991.0))));
  for (const double lt : {-1.0, 0.5, 9007199254740992.0, std::numeric_limits<double>::infinity()}) {
    CHECK_FALSE(accepted(with("lt", number(lt))));
  }
  CHECK(accepted(with("ts", kNil)));
  CHECK_FALSE(accepted(with("ts", text("1"))));
  CHECK_FALSE(accepted(with("ts", number(std::numeric_limits<double>::infinity()))));
  CHECK(accepted(with("stable", number(-1))));
  CHECK_FALSE(accepted(with("stable", number(-2))));
  CHECK_FALSE(accepted(with("serverSeq", number(-1))));
  CHECK(accepted(with("clock", kNil)));
  CHECK_FALSE(accepted(with("clock", kNoOps)));
  CHECK_FALSE(accepted(with("clock", [](MsgWriter& w) { w.map(1), w.string("a"), w.number(-1); })));
  CHECK_FALSE(accepted(with("ops", kNil)));
  CHECK_FALSE(accepted(with("ops", [](MsgWriter& w) { w.array(1), w.nil(); })));
  CHECK_FALSE(accepted(with("ops", [](MsgWriter& w) { w.array(1), w.map(0); })));
  CHECK(refusal(with("lt", text("1"))) == "bad_message lt: needs an integer 0..2^53-1");
}

TEST_CASE("message_reads_the_names_of_the_older_line", "[model]") {
  const Bytes bytes = message_of_fields({{"id", text("a:1")},
                                         {"client", kNil},
                                         {"sessionId", text("a")},
                                         {"lamportTime", number(4)},
                                         {"timestamp", number(-0.0)},
                                         {"ops", [](MsgWriter& w) {
                                            w.array(1), w.map(3);
                                            w.string("otype"), w.string("number.set");
                                            w.string("ot"), w.nil();
                                            w.string("value"), w.float64(3);
                                          }}});
  const auto message = decode_message(bytes, Limits{}, Strictness::Door);
  REQUIRE(message.ok());
  CHECK(message->client == "a");
  CHECK(message->lt == 4);
  CHECK_FALSE(std::signbit(message->ts));
  const Bytes normal = written([](MsgWriter& w) {
    w.array(1), w.map(2), w.string("ot"), w.string("number.set"), w.string("value"), w.number(3);
  });
  CHECK(message->ops == normal);
}

TEST_CASE("message_survives_a_round_trip_and_hashes_by_content", "[model]") {
  const Bytes shortest = message_with({op_with("number.set", [](MsgWriter& w) { w.number(3); })});
  const Bytes floats = message_with({op_with("number.set", [](MsgWriter& w) { w.float64(3); })});
  const Bytes other = message_with({op_with("number.set", [](MsgWriter& w) { w.number(4); })});
  auto a = decode_message(shortest, Limits{}), b = decode_message(floats, Limits{}),
       c = decode_message(other, Limits{});
  REQUIRE((a.ok() && b.ok() && c.ok()));
  Bytes encoded;
  encode_message(*a, encoded);
  CHECK(encoded == shortest);
  CHECK(content_hash(*a) == content_hash(*b));
  CHECK_FALSE(content_hash(*a) == content_hash(*c));
  CHECK(a->own_number() == 3);
  b->lt = 99, b->server_seq = 5, b->stable = 2;
  CHECK(content_hash(*a) == content_hash(*b));
  encoded.clear();
  encode_message(*b, encoded);
  const auto again = decode_message(encoded, Limits{});
  REQUIRE(again.ok());
  CHECK(again->server_seq == 5);
  CHECK(again->stable == 2);
}

TEST_CASE("message_decoder_reads_one_message_after_another", "[model]") {
  Bytes bytes = message_with({op_with("number.set", [](MsgWriter& w) { w.number(3); })});
  const std::size_t first = bytes.size();
  const Bytes bad = with("lt", number(-1)), good = with("lt", number(9));
  bytes.insert(bytes.end(), bad.begin(), bad.end());
  bytes.insert(bytes.end(), good.begin(), good.end());
  MessageDecoder decoder;
  MessageView view;
  MsgReader reader(bytes);
  REQUIRE(decoder.decode(reader, Limits{}, Strictness::Door, view).ok());
  CHECK(reader.position() == bytes.data() + first);
  CHECK(view.id == "ann:7");
  CHECK_FALSE(decoder.decode(reader, Limits{}, Strictness::Door, view).ok());
  REQUIRE(decoder.decode(reader, Limits{}, Strictness::Door, view).ok());
  CHECK(view.lt == 9);
  CHECK(reader.at_end());
  CHECK(refusal(bytes) == "bad_message message: bytes behind it");
}

TEST_CASE("message_clock_is_sorted_and_names_each_client_once", "[model]") {
  const Bytes bytes = with("clock", [](MsgWriter& w) {
    w.map(3), w.string("b"), w.number(2), w.string("a"), w.number(1), w.string("b"), w.number(5);
  });
  const auto message = decode_message(bytes, Limits{}, Strictness::Fold);
  REQUIRE(message.ok());
  CHECK(message->clock == Clock{{"a", 1}, {"b", 5}});
  CHECK(refusal(bytes, Strictness::Door) == "bad_message clock: repeated key");
}

TEST_CASE("message_bytes_cut_or_changed_are_refused_or_read_safely", "[model]") {
  const Bytes samples[] = {
      message_with(
          {op_with("vector3.set",
                   [](MsgWriter& w) { w.array(3), w.number(1), w.float64(.5), w.number(-3); }),
           op_with("text.insert", [](MsgWriter& w) { w.string("h\xc3\xa9"); })}),
      message_with({op_with("object.set",
                            [](MsgWriter& w) {
                              w.map(2), w.string("b"), w.nil(), w.string("a"), w.boolean(true);
                            }),
                    op_with("meta.undo", [](MsgWriter& w) { w.nil(); })})};
  for (const Bytes& sample : samples) {
    REQUIRE(accepted(sample));
    for (std::size_t size = 0; size < sample.size(); ++size) {
      const Bytes cut(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(size));
      REQUIRE_FALSE(accepted(cut));
    }
    for (std::size_t at = 0; at < sample.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        Bytes changed = sample;
        changed[at] = static_cast<std::uint8_t>(byte);
        const auto fold = decode_message(changed, Limits{}, Strictness::Fold);
        const auto door = decode_message(changed, Limits{}, Strictness::Door);
        if (door.ok()) REQUIRE(fold.ok());
        if (!fold.ok()) continue;
        Bytes encoded;
        encode_message(*fold, encoded);
        const auto again = decode_message(encoded, Limits{}, Strictness::Fold);
        REQUIRE(again.ok());
        REQUIRE(again->ops == fold->ops);
        REQUIRE(content_hash(*again) == content_hash(*fold));
        REQUIRE(again->has_meta == fold->has_meta);
        REQUIRE(again->has_position == fold->has_position);
      }
    }
  }
}
