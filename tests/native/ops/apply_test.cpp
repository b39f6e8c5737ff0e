// The handlers against their vectors: one property, one op, the value after it.
#include "ops/apply.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "json_messages.hpp"
#include "op_vectors.hpp"
#include "ops/owned_operation.hpp"

namespace vuer_rtc {

namespace {

using nlohmann::json;

void check_property_case(const json& test) {
  const OwnedOperation op(test["op"]);
  const Value before = test.contains("before") ? stored(test["before"]) : Value();
  const Value after = apply_property_op(*op, before);
  if (test.contains("noEffect")) {
    CHECK(after.is_missing());
    return;
  }
  REQUIRE_FALSE(after.is_missing());
  CHECK(is_valid_property_op(*op));
  if (test.contains("near")) {
    CHECK(near(shown(after), test["after"], test["near"].get<double>()));
  } else {
    CHECK(shown(after) == test["after"]);
    CHECK(after == stored(test["after"]));
  }
}

// Canonical bytes that come out must be what reading them again gives: sorted, no -0, within the
// depth.
void check_normal_form(const json& test) {
  const OwnedOperation op(test["op"]);
  const Value after =
      apply_property_op(*op, test.contains("before") ? stored(test["before"]) : Value());
  if (after.is_missing()) return;
  Bytes written, again;
  after.write_canonical(written);
  MsgReader reader(written);
  REQUIRE(append_canonical(reader, again, kMaxDepth));
  CHECK(written == again);
}

Bytes op_with_number(std::string_view ot, double value) {
  Bytes bytes;
  MsgWriter writer(bytes);
  writer.map(4);
  writer.string("ot");
  writer.string(ot);
  writer.string("key");
  writer.string("n");
  writer.string("path");
  writer.string("p");
  writer.string("value");
  writer.float64(value);
  return bytes;
}

}  // namespace

TEST_CASE("property_ops_give_the_values_of_their_vectors") {
  for (const std::string& name : registered_operations()) {
    for (const json& test : cases_of(name)) {
      if (!test.contains("op")) continue;
      INFO(name << ": " << test["name"]);
      check_property_case(test);
      check_normal_form(test);
    }
  }
}

TEST_CASE("numbers_that_are_not_finite_make_every_op_invalid") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {infinity, -infinity, std::numeric_limits<double>::quiet_NaN()}) {
    for (const std::string& name : registered_operations()) {
      INFO(name);
      const OwnedOperation op(op_with_number(name, bad));
      CHECK_FALSE(is_valid_property_op(*op));
      CHECK(apply_property_op(*op, Value::number(1)).is_missing());
    }
  }
}

TEST_CASE("other_families_and_unknown_ops_are_no_property_ops") {
  for (const char* name : {"node.insert", "text.insert", "meta.undo", "number.divide", ""}) {
    INFO(name);
    const OwnedOperation op(op_of(name, 1));
    CHECK_FALSE(is_valid_property_op(*op));
    CHECK(apply_property_op(*op, Value()).is_missing());
  }
}

TEST_CASE("combined_ops_act_as_the_two_in_a_row") {
  const json pairs[] = {{"number.add", 1, 2, 3},
                        {"number.multiply", 2, 3, 6},
                        {"number.min", 2, 3, 2},
                        {"number.max", 2, 3, 3},
                        {"boolean.or", true, false, true},
                        {"boolean.and", true, false, false},
                        {"vector3.add", {1, 2, 3}, {1, 1, 1}, {2, 3, 4}},
                        {"vector3.multiply", {1, 2, 3}, {2, 2, 2}, {2, 4, 6}},
                        {"euler.add", {1, 2, 3}, {1, 1, 1}, {2, 3, 4}},
                        {"quaternion.multiply", {1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}},
                        {"object.merge", {{"a", 1}}, {{"b", 2}}, {{"a", 1}, {"b", 2}}}};
  for (const json& pair : pairs) {
    INFO(pair);
    const OwnedOperation first(op_of(pair[0], pair[1])), second(op_of(pair[0], pair[2]));
    CHECK(combine_values(*first, *second) == stored(pair[3]));
  }
}

TEST_CASE("ops_that_cannot_be_combined_stay_two") {
  const OwnedOperation add(op_of("number.add", 1)), multiply(op_of("number.multiply", 2));
  const OwnedOperation huge(op_of("number.add", 1e308)), wrong(op_of("number.add", "x"));
  const OwnedOperation push(op_of("array.push", 1)), set(op_of("number.set", 1));
  const OwnedOperation unknown(op_of("number.divide", 1));
  CHECK(combine_values(*add, *multiply).is_missing());
  CHECK(combine_values(*huge, *huge).is_missing());
  CHECK(combine_values(*wrong, *add).is_missing());
  CHECK(combine_values(*add, *wrong).is_missing());
  CHECK(combine_values(*push, *push).is_missing());
  CHECK(combine_values(*set, *set).is_missing());
  CHECK(combine_values(*unknown, *unknown).is_missing());
}

}  // namespace vuer_rtc
