// Errors as values: one table of codes (errors.def), Result<T> and Status that must be looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vuer_rtc {

enum class ErrorCode : std::uint8_t {
#define ERROR(symbol, name, is_final, text) symbol,
#include "vuer_rtc/errors.def"
#undef ERROR
};

/// The name that travels in `error` frames and in RtcError.code.
std::string_view error_name(ErrorCode code);
/// True when the same input will never be accepted.
bool error_is_final(ErrorCode code);

/// What went wrong. `text` names the field and the reason, for people.
struct Error {
  ErrorCode code;
  std::string text;
};

/// Builds an Error; an empty text takes the one of the table.
Error make_error(ErrorCode code, std::string_view text = {});

/// A value or an Error. The caller asks ok() before it takes the value.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Error error) : error_(std::move(error)) {}
  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  const Error& error() const { return error_; }

 private:
  std::optional<T> value_;
  Error error_{ErrorCode::Internal, {}};
};

/// Success, or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace vuer_rtc
