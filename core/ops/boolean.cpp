// boolean.or and boolean.and.
#include "ops/handlers.hpp"

namespace vuer_rtc {

template <>
Value apply_op<OpKind::BooleanOr>(const Operation& op, const Value& current) {
  return Value::boolean((current.is_boolean() && current.boolean()) || op.value.boolean());
}

template <>
Value apply_op<OpKind::BooleanAnd>(const Operation& op, const Value& current) {
  return Value::boolean((!current.is_boolean() || current.boolean()) && op.value.boolean());
}

}  // namespace vuer_rtc
