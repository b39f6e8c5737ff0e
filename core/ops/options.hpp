// The optional fields of an op: one check and one reader per rule of registry.def. Absent and null
// are the same.
#pragma once

#include "model/operation.hpp"

namespace vuer_rtc {

/// Whether the field is absent or follows its rule.
bool option_string(const Operation& op, std::string_view name);
bool option_boolean(const Operation& op, std::string_view name);
bool option_integer(const Operation& op, std::string_view name);
bool option_fraction(const Operation& op, std::string_view name);
bool option_order(const Operation& op, std::string_view name);
/// Whether the field is there.
bool option_present(const Operation& op, std::string_view name);

/// The field, or `fallback` when it is absent. The op is valid.
std::string_view string_option(const Operation& op, std::string_view name,
                               std::string_view fallback);
bool boolean_option(const Operation& op, std::string_view name, bool fallback);
double number_option(const Operation& op, std::string_view name, double fallback);

/// The order of axes by name: its signs of formula E (law, section 6), or null for an unknown name.
const int* euler_signs(std::string_view order);

}  // namespace vuer_rtc
