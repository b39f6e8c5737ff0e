// An op built from JSON that owns the bytes its views point into, and values to and from JSON.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "json_messages.hpp"
#include "model/operation.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

class OwnedOperation {
 public:
  explicit OwnedOperation(const nlohmann::json& op) : OwnedOperation(msgpack_of(op)) {}
  explicit OwnedOperation(Bytes op) : bytes_(std::move(op)) {
    MsgReader reader(bytes_);
    REQUIRE(decode_operation(reader, operation_));
  }
  OwnedOperation(const OwnedOperation&) = delete;
  OwnedOperation& operator=(const OwnedOperation&) = delete;
  const Operation& operator*() const { return operation_; }

 private:
  Bytes bytes_;
  Operation operation_;
};

inline nlohmann::json op_of(const std::string& ot, const nlohmann::json& value) {
  return {{"ot", ot}, {"key", "n"}, {"path", "p"}, {"value", value}};
}

/// The value as the document stores it.
inline Value stored(const nlohmann::json& value) {
  const Bytes bytes = msgpack_of(value);
  MsgReader reader(bytes);
  Value result;
  REQUIRE(read_value(reader, result, kMaxDepth));
  return result;
}

inline nlohmann::json shown(const Value& value) {
  Bytes bytes;
  value.write_wire(bytes);
  return json_of(bytes);
}

}  // namespace vuer_rtc
