// Ops from normal form: the fields, what makes one invalid, and the lookup of names.
#include "model/operation.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "sample_messages.hpp"

using namespace vuer_rtc;

namespace {

Operation decoded(const Bytes& bytes) {
  MsgReader reader(bytes);
  Operation op;
  REQUIRE(decode_operation(reader, op));
  REQUIRE(reader.at_end());
  return op;
}

}  // namespace

TEST_CASE("operations_are_found_by_their_wire_name_only", "[model]") {
  for (int i = 0; i < static_cast<int>(OpKind::Unknown); ++i) {
    const auto kind = static_cast<OpKind>(i);
    const std::string name(operation_name(kind));
    INFO(name);
    CHECK(find_operation(name) == kind);
    CHECK(find_operation(name + "x") == OpKind::Unknown);
    CHECK(find_operation(name.substr(1)) == OpKind::Unknown);
  }
  CHECK(find_operation("") == OpKind::Unknown);
  CHECK(operation_family(OpKind::TextInit) == OpFamily::Text);
  CHECK(operation_family(OpKind::Unknown) == OpFamily::Unknown);
}

TEST_CASE("operation_decoding_gives_every_field", "[model]") {
  const Bytes bytes = op_with(
      "vector3.set", [](MsgWriter& w) { w.array(3), w.number(1), w.number(2), w.number(3); });
  const Operation op = decoded(bytes);
  CHECK(op.kind == OpKind::Vector3Set);
  CHECK(op.family == OpFamily::Set);
  CHECK(op.key == "cube");
  CHECK(op.path == "p");
  CHECK_FALSE(op.key_is_root);
  REQUIRE(op.value_valid);
  CHECK(op.value.inline_count() == 3);
  CHECK(op.raw.size() == bytes.size());
  CHECK(operation_field(op, "path").size() == 2);
  CHECK(operation_field(op, "nothing").empty());
}

TEST_CASE("operation_decoding_keeps_invalid_values_apart", "[model]") {
  const Operation infinite = decoded(op_with(
      "number.set", [](MsgWriter& w) { w.float64(std::numeric_limits<double>::infinity()); }));
  CHECK(infinite.has_value);
  CHECK_FALSE(infinite.value_valid);
  CHECK(infinite.value.is_missing());
  const auto nested = [](int depth) {
    return [depth](MsgWriter& w) {
      for (int i = 0; i < depth; ++i) w.array(1);
      w.nil();
    };
  };
  CHECK(decoded(op_with("array.set", nested(64))).value_valid);
  CHECK_FALSE(decoded(op_with("array.set", nested(65))).value_valid);
}

TEST_CASE("operation_with_a_repeated_or_unnamed_key_is_unknown", "[model]") {
  const auto kind_of = [](const Write& extra) {
    return decoded(written([&](MsgWriter& w) {
             w.map(3);
             w.string("ot"), w.string("number.set");
             w.string("from"), w.number(1);
             extra(w);
           }))
        .kind;
  };
  CHECK(kind_of([](MsgWriter& w) { w.string("to"), w.number(1); }) == OpKind::NumberSet);
  CHECK(kind_of([](MsgWriter& w) { w.string("from"), w.number(1); }) == OpKind::Unknown);
  CHECK(kind_of([](MsgWriter& w) { w.string("ot"), w.string("number.set"); }) == OpKind::Unknown);
  CHECK(kind_of([](MsgWriter& w) { w.number(1), w.number(1); }) == OpKind::Unknown);
  CHECK(kind_of([](MsgWriter& w) { w.string("to"), w.binary({}); }) == OpKind::Unknown);
}

TEST_CASE("operation_key_names_the_root_when_absent_null_or_a_dot", "[model]") {
  const auto with_key = [](const Write& key) {
    return decoded(written(
        [&](MsgWriter& w) { w.map(2), w.string("ot"), w.string("x"), w.string("key"), key(w); }));
  };
  CHECK(with_key([](MsgWriter& w) { w.nil(); }).key_is_root);
  CHECK(with_key([](MsgWriter& w) { w.string("."); }).key_is_root);
  CHECK_FALSE(with_key([](MsgWriter& w) { w.string(""); }).key_is_root);
  CHECK_FALSE(with_key([](MsgWriter& w) { w.number(1); }).key_is_root);
  CHECK_FALSE(with_key([](MsgWriter& w) { w.number(1); }).has_key);
}

TEST_CASE("integer_field_takes_whole_numbers_in_range", "[model]") {
  const auto field = [](double number, std::int64_t low) {
    const Bytes bytes = written([&](MsgWriter& w) {
      w.map(2), w.string("ot"), w.string("array.move"), w.string("from"), w.float64(number);
    });
    const Operation op = decoded(bytes);
    std::int64_t out = 0;
    return integer_field(op, "from", low, out) ? out : -99;
  };
  CHECK(field(3, 0) == 3);
  CHECK(field(0, 0) == 0);
  CHECK(field(-1, 0) == -99);
  CHECK(field(3.5, 0) == -99);
  CHECK(field(9007199254740991.0, 0) == 9007199254740991);
  CHECK(field(9007199254740992.0, 0) == -99);
}
