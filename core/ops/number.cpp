// number.*: one double in, one double out (law, section 6).
#include <cmath>

#include "ops/handlers.hpp"

namespace vuer_rtc {

namespace {

double number_or(const Value& value, double fallback) {
  return value.is_number() ? value.number() : fallback;
}

}  // namespace

Value finite_number(double value) { return std::isfinite(value) ? Value::number(value) : Value(); }

Value finite_numbers(const double* values, int count) {
  for (int i = 0; i < count; ++i) {
    if (!std::isfinite(values[i])) return Value();
  }
  return Value::numbers(values, count);
}

template <>
Value apply_op<OpKind::NumberAdd>(const Operation& op, const Value& current) {
  return finite_number(number_or(current, 0) + op.value.number());
}

template <>
Value apply_op<OpKind::NumberMultiply>(const Operation& op, const Value& current) {
  return finite_number(number_or(current, 1) * op.value.number());
}

template <>
Value apply_op<OpKind::NumberMin>(const Operation& op, const Value& current) {
  const double given = op.value.number();
  const double present = number_or(current, given);
  return finite_number(given < present ? given : present);
}

template <>
Value apply_op<OpKind::NumberMax>(const Operation& op, const Value& current) {
  const double given = op.value.number();
  const double present = number_or(current, given);
  return finite_number(given > present ? given : present);
}

}  // namespace vuer_rtc
