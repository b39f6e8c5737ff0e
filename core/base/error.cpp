// The table of errors: names, finality and standard texts come from errors.def.
#include "vuer_rtc/error.hpp"

#include <cstddef>

namespace vuer_rtc {

namespace {

struct Row {
  std::string_view name;
  bool is_final;
  std::string_view text;
};

constexpr Row kRows[] = {
#define ERROR(symbol, name, is_final, text) {name, is_final, text},
#include "vuer_rtc/errors.def"
#undef ERROR
};

const Row& row_of(ErrorCode code) { return kRows[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view error_name(ErrorCode code) { return row_of(code).name; }

bool error_is_final(ErrorCode code) { return row_of(code).is_final; }

Error make_error(ErrorCode code, std::string_view text) {
  return Error{code, std::string(text.empty() ? row_of(code).text : text)};
}

}  // namespace vuer_rtc
