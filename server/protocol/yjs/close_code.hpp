// The close codes of Yjs connections by name.
#pragma once

namespace vuer_rtc::yjs {

enum CloseCode : int {
#define CLOSE(symbol, code, when, then) symbol = code,
#include "protocol/yjs/close_codes.def"
};

}  // namespace vuer_rtc::yjs
