// color.blend: per channel in 0..255; what cannot be read as a colour is black.
#include <array>
#include <cmath>

#include "ops/handlers.hpp"
#include "ops/options.hpp"

namespace vuer_rtc {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::array<int, 3> channels(std::string_view color) {
  if (!color.empty() && color[0] == '#') color.remove_prefix(1);
  if (color.size() != 6) return {0, 0, 0};
  std::array<int, 3> result{};
  for (std::size_t i = 0; i < 3; ++i) {
    const int high = hex_digit(color[2 * i]);
    const int low = hex_digit(color[2 * i + 1]);
    if (high < 0 || low < 0) return {0, 0, 0};
    result[i] = 16 * high + low;
  }
  return result;
}

}  // namespace

template <>
Value apply_op<OpKind::ColorBlend>(const Operation& op, const Value& current) {
  const double alpha = number_option(op, "alpha", 0.5);
  const std::array<int, 3> from = channels((current.is_string() ? current : op.value).string());
  const std::array<int, 3> to = channels(op.value.string());
  char text[7] = {'#'};
  for (std::size_t i = 0; i < 3; ++i) {
    const double mixed = std::floor(from[i] * (1 - alpha) + to[i] * alpha + 0.5);
    const unsigned channel = static_cast<unsigned>(mixed);
    text[1 + 2 * i] = "0123456789abcdef"[channel / 16];
    text[2 + 2 * i] = "0123456789abcdef"[channel % 16];
  }
  return Value::string({text, sizeof text});
}

}  // namespace vuer_rtc
