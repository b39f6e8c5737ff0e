// One handler per operation that reads the current value: apply_op<OpKind::symbol>, declared here
// from the registry and defined in the file of its family. A registered operation without a handler
// does not link.
#pragma once

#include "model/operation.hpp"

namespace vuer_rtc {

/// The new value of the slot. The op is valid (is_valid_property_op) and `current` may be Missing.
/// A result that is Missing, deeper than kMaxDepth or not finite means: no effect; only finite_*
/// below check the latter.
template <OpKind kind>
Value apply_op(const Operation& op, const Value& current);

#define RTC_DECLARE_Set(symbol)
#define RTC_DECLARE_Value(symbol) \
  template <>                     \
  Value apply_op<OpKind::symbol>(const Operation& op, const Value& current);
#define RTC_DECLARE_Node(symbol)
#define RTC_DECLARE_Text(symbol)
#define RTC_DECLARE_Meta(symbol)
#define OPERATION(symbol, name, family, ...) RTC_DECLARE_##family(symbol)
#include "ops/registry.def"
#undef OPERATION
#undef RTC_DECLARE_Set
#undef RTC_DECLARE_Value
#undef RTC_DECLARE_Node
#undef RTC_DECLARE_Text
#undef RTC_DECLARE_Meta

/// A number as a result: Missing when it is not finite.
Value finite_number(double value);
/// An array of `count` (at most 4) numbers as a result: Missing when one is not finite.
Value finite_numbers(const double* values, int count);

/// The first `count` numbers of `value` (present and valid), or of `fallback` when `value` does not
/// start with them.
void numbers_or(const Value& value, int count, const double* fallback, double* out);

/// Formula Q of the law, section 6: `v` turned by the quaternion `q` (x, y, z, w).
Value rotated(const double* v, const double* q);

}  // namespace vuer_rtc
