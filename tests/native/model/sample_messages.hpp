// Messages written by hand for the tests of the model.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

using Write = std::function<void(MsgWriter&)>;

inline Bytes written(const Write& write) {
  Bytes out;
  MsgWriter writer(out);
  write(writer);
  return out;
}

/// One op {ot, key: "cube", path: "p", value}.
inline Bytes op_with(std::string_view ot, const Write& value) {
  return written([&](MsgWriter& w) {
    w.map(4);
    w.string("ot"), w.string(ot);
    w.string("key"), w.string("cube");
    w.string("path"), w.string("p");
    w.string("value"), value(w);
  });
}

/// A message of author "ann" with these ops.
inline Bytes message_with(std::initializer_list<Bytes> ops) {
  return written([&](MsgWriter& w) {
    w.map(6);
    w.string("id"), w.string("ann:7");
    w.string("client"), w.string("ann");
    w.string("clock"), w.map(1), w.string("ann"), w.number(3);
    w.string("lt"), w.number(7);
    w.string("ts"), w.number(1700000000000.0);
    w.string("ops"), w.array(static_cast<std::uint32_t>(ops.size()));
    for (const Bytes& op : ops) w.raw(op);
  });
}

}  // namespace vuer_rtc
