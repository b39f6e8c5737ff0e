// The close codes of table connections by name.
#pragma once

namespace vuer_rtc::table {

enum CloseCode : int {
#define CLOSE(symbol, code, when, then) symbol = code,
#include "protocol/table/close_codes.def"
};

}  // namespace vuer_rtc::table
