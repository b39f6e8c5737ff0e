// The fields of one JSON object of a token: read strictly, each name once, nothing nested deeply.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "vuer_rtc/error.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::server {

class Claims {
 public:
  /// Forbidden when it is not one JSON object with every name once.
  static Result<Claims> read(std::string_view json);

  bool has(const std::string& name) const { return fields_.contains(name); }
  /// Nothing when the field is absent or of another type.
  std::optional<std::string> text(const std::string& name) const;
  std::optional<double> number(const std::string& name) const;
  /// Does the field hold this string, alone or in an array of strings?
  bool names(const std::string& name, std::string_view wanted) const;
  /// The strings of an object; nothing when it is not an object of strings.
  std::optional<std::map<std::string, std::string>> texts(const std::string& name) const;

 private:
  MsgReader reader(const std::string& name) const;
  std::map<std::string, Bytes> fields_;  // MessagePack
};

}  // namespace vuer_rtc::server
