// A JSON object or list, written field by field.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "protocol/json_writer.hpp"

namespace vuer_rtc::server {

class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value) {
    append_json_string(value, field(name));
    return *this;
  }
  template <class Number>
  JsonObject& number(std::string_view name, Number value) {
    append_json_number(static_cast<double>(value), field(name));
    return *this;
  }
  JsonObject& raw(std::string_view name, std::string_view json) {
    field(name).append(json);
    return *this;
  }
  std::string done() { return std::move(out_) + (empty_ ? "{}" : "}"); }

 private:
  std::string& field(std::string_view name) {
    out_.push_back(empty_ ? '{' : ',');
    empty_ = false;
    append_json_string(name, out_);
    out_.push_back(':');
    return out_;
  }
  std::string out_;
  bool empty_ = true;
};

class JsonList {
 public:
  void add(std::string_view json) {
    if (out_.size() > 1) out_.push_back(',');
    out_.append(json);
  }
  std::string done() { return std::move(out_) + "]"; }

 private:
  std::string out_ = "[";
};

}  // namespace vuer_rtc::server
