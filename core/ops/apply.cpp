// The dispatch: validity and the table of handlers come from the registry, row by row. Depth is
// checked here once for all of them.
#include "ops/apply.hpp"

#include <utility>

#include "ops/handlers.hpp"
#include "ops/options.hpp"
#include "ops/set.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

namespace {

using Handler = Value (*)(const Operation&, const Value&);

constexpr Handler kHandlers[] = {
#define RTC_HANDLER_Set(symbol) apply_set
#define RTC_HANDLER_Value(symbol) apply_op<OpKind::symbol>
#define RTC_HANDLER_Node(symbol) nullptr
#define RTC_HANDLER_Text(symbol) nullptr
#define RTC_HANDLER_Meta(symbol) nullptr
#define OPERATION(symbol, name, family, ...) RTC_HANDLER_##family(symbol),
#include "ops/registry.def"
#undef OPERATION
};

bool starts_with_numbers(const Value& value, int count) {
  double numbers[4];
  return value.leading_numbers(count, numbers);
}

bool has_value(const Operation& op) { return op.has_value && op.value_valid; }
bool payload_any(const Operation& op) { return has_value(op); }
bool payload_number(const Operation& op) { return has_value(op) && op.value.is_number(); }
bool payload_string(const Operation& op) { return has_value(op) && op.value.is_string(); }
bool payload_color(const Operation& op) { return payload_string(op); }
bool payload_boolean(const Operation& op) { return has_value(op) && op.value.is_boolean(); }
bool payload_numbers3(const Operation& op) {
  return has_value(op) && starts_with_numbers(op.value, 3);
}
bool payload_numbers4(const Operation& op) {
  return has_value(op) && starts_with_numbers(op.value, 4);
}
bool payload_array(const Operation& op) { return has_value(op) && op.value.is_array(); }
bool payload_object(const Operation& op) { return has_value(op) && op.value.is_object(); }
bool payload_move(const Operation&) { return true; }
bool payload_node(const Operation&) { return false; }
bool payload_key(const Operation&) { return false; }
bool payload_nodemove(const Operation&) { return false; }
bool payload_text(const Operation&) { return false; }
bool payload_meta(const Operation&) { return false; }

// Whether two ops of a kind may become one; Unknown never.
constexpr bool kCombines[] = {
#define RTC_BUFFER_additive true
#define RTC_BUFFER_combines true
#define RTC_BUFFER_alone false
#define OPERATION(symbol, name, family, payload, options, missing, buffer, law) RTC_BUFFER_##buffer,
#include "ops/registry.def"
#undef OPERATION
    false};

}  // namespace

bool is_valid_property_op(const Operation& op) {
  switch (op.kind) {
#define NO_OPTIONS
#define OPTION(name, rule) &&option_##rule(op, #name)
#define REQUIRED(name, rule) &&option_present(op, #name) && option_##rule(op, #name)
#define OPERATION(symbol, name, family, payload, options, ...) \
  case OpKind::symbol:                                         \
    return payload_##payload(op) options;
#include "ops/registry.def"
#undef OPERATION
#undef REQUIRED
#undef OPTION
#undef NO_OPTIONS
    case OpKind::Unknown:
      return false;
  }
  return false;
}

Value apply_property_op(const Operation& op, const Value& current) {
  if (!is_valid_property_op(op)) return Value();
  Value result = kHandlers[static_cast<std::size_t>(op.kind)](op, current);
  return result.depth() <= kMaxDepth ? std::move(result) : Value();
}

Value combine_values(const Operation& first, const Operation& second) {
  if (first.kind != second.kind || !kCombines[static_cast<std::size_t>(first.kind)]) return Value();
  if (!is_valid_property_op(first)) return Value();
  return apply_property_op(second, first.value);
}

}  // namespace vuer_rtc
