// What the door refuses and the fold carries, limits at and one past each, position forms, and that
// the quick scan agrees with the rewriter.
#include "model/normal_form.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "model/normal_scan.hpp"
#include "sample_messages.hpp"

using namespace vuer_rtc;

namespace {

Bytes ops_of(const Bytes& op) {
  Bytes out{0x91};
  out.insert(out.end(), op.begin(), op.end());
  return out;
}

std::string outcome(const Bytes& ops, Strictness strictness, const Limits& limits = {}) {
  MsgReader reader(ops);
  Bytes out;
  OpsFacts facts, scanned;
  const Status status = append_normal_ops(reader, limits, strictness, out, facts);
  const std::uint8_t* at = ops.data();
  if (scan_normal_ops(at, ops.data() + ops.size(), limits, scanned)) {
    REQUIRE(status.ok());
    REQUIRE(out == ops);
    REQUIRE(scanned.op_count == facts.op_count);
    REQUIRE(scanned.has_meta == facts.has_meta);
    REQUIRE(scanned.has_position == facts.has_position);
  }
  if (status.ok()) return reader.at_end() ? "ok" : "bytes left";
  return std::string(error_name(status.error().code)) + " " + status.error().text;
}

std::string at_door(const Write& value, const Limits& limits = {}) {
  const Bytes ops = ops_of(op_with("array.push", value));
  REQUIRE(outcome(ops, Strictness::Fold, limits) == "ok");
  return outcome(ops, Strictness::Door, limits);
}

Write nested(int depth) {
  return [=](MsgWriter& w) {
    for (int i = 0; i < depth; ++i) w.array(1);
    w.nil();
  };
}

bool has_position(const Write& write) {
  const Bytes ops = ops_of(written(write));
  REQUIRE(outcome(ops, Strictness::Door) == "ok");
  MsgReader reader(ops);
  Bytes out;
  OpsFacts facts;
  REQUIRE(append_normal_ops(reader, Limits{}, Strictness::Door, out, facts).ok());
  return facts.has_position;
}

}  // namespace

TEST_CASE("normal_form_carries_for_the_fold_what_the_door_refuses", "[model]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(at_door([](MsgWriter& w) { w.number(1); }) == "ok");
  CHECK(at_door([=](MsgWriter& w) { w.float64(infinity); }) ==
        "bad_message ops[0].value: not a finite number");
  CHECK(at_door([=](MsgWriter& w) { w.array(1), w.float64(infinity); }) ==
        "bad_message ops[0].value: not a finite number");
  CHECK(at_door([](MsgWriter& w) { w.binary({}); }) ==
        "bad_message ops[0].value: binary and extension types are no values");
  CHECK(at_door([](MsgWriter& w) {
          w.raw(Bytes{0xd4, 1, 0});
        }) == "bad_message ops[0].value: binary and extension types are no values");
  CHECK(at_door([](MsgWriter& w) { w.map(1), w.number(1), w.number(1); }) ==
        "bad_message ops[0].value: a key that is not a string");
  CHECK(at_door([](MsgWriter& w) { w.map(2), w.string("a"), w.nil(), w.string("a"), w.nil(); }) ==
        "bad_message ops[0].value: repeated key");
  const Bytes invalid = ops_of(op_with("string.set", [](MsgWriter& w) { w.string("\xff"); }));
  CHECK(outcome(invalid, Strictness::Fold) ==
        "bad_message ops[0].value: a string that is not UTF-8");
}

TEST_CASE("normal_form_limits_hold_at_the_limit_and_refuse_one_past", "[model]") {
  CHECK(at_door(nested(64)) == "ok");
  CHECK(at_door(nested(65)) == "too_deep ops[0].value: nested more than 64 levels deep");
  CHECK(outcome(ops_of(op_with("array.push", nested(5000))), Strictness::Fold).substr(0, 8) ==
        "too_deep");
  Limits limits;
  limits.array_length = 3, limits.key_bytes = 5, limits.ops = 2;
  CHECK(at_door([](MsgWriter& w) { w.array(3), w.nil(), w.nil(), w.nil(); }, limits) == "ok");
  CHECK(at_door([](MsgWriter& w) { w.array(4), w.nil(), w.nil(), w.nil(), w.nil(); }, limits) ==
        "too_big ops[0].value: an array of more than 3");
  CHECK(at_door([](MsgWriter& w) { w.map(1), w.string("12345"), w.nil(); }, limits) == "ok");
  CHECK(at_door([](MsgWriter& w) { w.map(1), w.string("123456"), w.nil(); }, limits) ==
        "too_big ops[0].value: a key over 5 bytes");
  const auto ops = [](std::uint32_t count) {
    return written([&](MsgWriter& w) {
      w.array(count);
      for (std::uint32_t i = 0; i < count; ++i) w.map(1), w.string("ot"), w.string("x");
    });
  };
  CHECK(outcome(ops(2), Strictness::Door, limits) == "ok");
  CHECK(outcome(ops(3), Strictness::Door, limits) == "too_many_ops ops: more than 2");
  CHECK(outcome(ops(3), Strictness::Fold, limits) == "ok");
}

TEST_CASE("normal_form_cleans_strings_and_numbers", "[model]") {
  const Bytes ops = ops_of(op_with(
      "array.push", [](MsgWriter& w) { w.array(2), w.string("\xed\xa0\x80"), w.float64(-0.0); }));
  MsgReader reader(ops);
  Bytes out;
  OpsFacts facts;
  REQUIRE(append_normal_ops(reader, Limits{}, Strictness::Door, out, facts).ok());
  CHECK(out == ops_of(op_with("array.push", [](MsgWriter& w) {
          w.array(2), w.string("\xef\xbf\xbd"), w.number(0);
        })));
}

TEST_CASE("position_forms_are_told_from_resolved_and_invalid_ones", "[model]") {
  const auto text_op = [](std::string_view ot,
                          std::initializer_list<std::pair<std::string_view, Write>> fields) {
    return [=](MsgWriter& w) {
      w.map(1 + static_cast<std::uint32_t>(fields.size()));
      w.string("ot"), w.string(ot);
      for (const auto& [name, value] : fields) w.string(name), value(w);
    };
  };
  const Write one = [](MsgWriter&w) { w.number(1); }, hi = [](MsgWriter&w) { w.string("hi"); };
  const Write nil = [](MsgWriter&w) { w.nil(); }, half = [](MsgWriter&w) { w.float64(.5); };
  const Write anchored = [](MsgWriter& w) { w.array(2), w.nil(), w.string("hi"); };
  CHECK(has_position(text_op("text.init", {})));
  CHECK(has_position(text_op("text.init", {{"value", hi}})));
  CHECK_FALSE(has_position(text_op("text.init", {{"value", one}})));
  CHECK_FALSE(has_position(text_op("text.init", {{"value", hi}, {"id", hi}})));
  CHECK(has_position(text_op("text.insert", {{"value", hi}, {"position", one}})));
  CHECK(
      has_position(text_op("text.insert", {{"value", anchored}, {"position", one}, {"id", nil}})));
  CHECK_FALSE(
      has_position(text_op("text.insert", {{"value", anchored}, {"position", one}, {"id", hi}})));
  CHECK_FALSE(has_position(text_op("text.insert", {{"value", hi}, {"position", half}})));
  CHECK_FALSE(has_position(text_op("text.insert", {{"value", hi}})));
  CHECK(has_position(text_op("text.delete", {{"position", one}, {"length", one}})));
  CHECK_FALSE(
      has_position(text_op("text.delete", {{"position", one}, {"length", one}, {"rm", anchored}})));
  CHECK(has_position(text_op("text.delete", {{"position", one}, {"length", one}, {"id", hi}})));
  CHECK(has_position(text_op("text.replace", {{"value", hi}, {"position", one}, {"length", one}})));
  CHECK_FALSE(has_position(
      text_op("text.replace", {{"value", hi}, {"position", one}, {"length", one}, {"rm", hi}})));
  CHECK_FALSE(has_position(text_op("number.set", {{"value", one}, {"position", one}})));
}
