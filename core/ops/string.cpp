// string.concat: the separator stands only between two texts, never before the first.
#include <string>

#include "ops/handlers.hpp"
#include "ops/options.hpp"

namespace vuer_rtc {

template <>
Value apply_op<OpKind::StringConcat>(const Operation& op, const Value& current) {
  if (!current.is_string() || current.string().empty()) return op.value;
  const std::string_view separator = string_option(op, "separator", {});
  std::string joined;
  joined.reserve(current.string().size() + separator.size() + op.value.string().size());
  joined.append(current.string()).append(separator).append(op.value.string());
  return Value::string(joined);
}

}  // namespace vuer_rtc
