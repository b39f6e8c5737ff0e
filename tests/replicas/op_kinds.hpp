// The kinds of ops, as the registry lists them.
#pragma once

#include <string_view>

namespace vuer_rtc::testing {

struct OpKind {
  std::string_view name;
  std::string_view family;
  std::string_view payload;
};

inline constexpr OpKind kOpKinds[] = {
#define OPERATION(symbol, name, family, payload, ...) {name, #family, #payload},
#include "ops/registry.def"
#undef OPERATION
};

}  // namespace vuer_rtc::testing
