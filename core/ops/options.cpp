// Optional fields: read from the op's own bytes when a handler wants them, since few ops carry any.
#include "ops/options.hpp"

#include "base/utf.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

bool option_present(const Operation& op, std::string_view name) {
  return !operation_field(op, name).empty();
}

bool option_string(const Operation& op, std::string_view name) {
  if (!option_present(op, name)) return true;
  MsgReader reader(operation_field(op, name));
  std::string_view text;
  return reader.read_string(text) && is_clean_utf8(text);
}

bool option_boolean(const Operation& op, std::string_view name) {
  if (!option_present(op, name)) return true;
  MsgReader reader(operation_field(op, name));
  bool flag = false;
  return reader.read_boolean(flag);
}

bool option_integer(const Operation& op, std::string_view name) {
  std::int64_t value = 0;
  return !option_present(op, name) ||
         integer_field(op, name, -static_cast<std::int64_t>(kMaxInteger), value);
}

bool option_fraction(const Operation& op, std::string_view name) {
  if (!option_present(op, name)) return true;
  MsgReader reader(operation_field(op, name));
  double value = 0;
  return reader.read_number(value) && value >= 0 && value <= 1;
}

bool option_order(const Operation& op, std::string_view name) {
  return option_string(op, name) && euler_signs(string_option(op, name, "XYZ")) != nullptr;
}

std::string_view string_option(const Operation& op, std::string_view name,
                               std::string_view fallback) {
  const ByteSpan bytes = operation_field(op, name);
  std::string_view text;
  return !bytes.empty() && MsgReader(bytes).read_string(text) ? text : fallback;
}

bool boolean_option(const Operation& op, std::string_view name, bool fallback) {
  const ByteSpan bytes = operation_field(op, name);
  bool flag = false;
  return !bytes.empty() && MsgReader(bytes).read_boolean(flag) ? flag : fallback;
}

double number_option(const Operation& op, std::string_view name, double fallback) {
  const ByteSpan bytes = operation_field(op, name);
  double value = 0;
  return !bytes.empty() && MsgReader(bytes).read_number(value) ? value : fallback;
}

const int* euler_signs(std::string_view order) {
  struct Row {
    std::string_view order;
    int signs[4];
  };
  static constexpr Row kRows[] = {{"XYZ", {1, -1, 1, -1}}, {"YXZ", {1, -1, -1, 1}},
                                  {"ZXY", {-1, 1, 1, -1}}, {"ZYX", {-1, 1, -1, 1}},
                                  {"YZX", {1, 1, -1, -1}}, {"XZY", {-1, -1, 1, 1}}};
  for (const Row& row : kRows) {
    if (row.order == order) return row.signs;
  }
  return nullptr;
}

}  // namespace vuer_rtc
