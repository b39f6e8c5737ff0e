// JSON at the edge of the tests: vectors are JSON, the core reads and writes MessagePack only.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "vuer_rtc/value.hpp"

namespace vuer_rtc {

/// MessagePack of a JSON value. Whole numbers in their shortest form; numbers written with a
/// fraction or an exponent stay float64, so that -0.0 arrives as it is.
Bytes msgpack_of(const nlohmann::json& value);

/// JSON of MessagePack; whole numbers up to 2^53-1 come out as integers. Throws std::runtime_error
/// on bytes that are no JSON value.
nlohmann::json json_of(ByteSpan bytes);

/// Parses JSON in which \ud800-like escapes may stand alone: those become U+FFFD, which nlohmann
/// would refuse.
nlohmann::json parse_json(std::string_view text);

/// Reads a whole file of the tests folder, e.g. "vectors/law-text.jsonl". Throws
/// std::runtime_error.
std::string read_test_file(const std::string& path);

/// Equal, with numbers within `tolerance` relative to the greater of 1 and the number.
bool near(const nlohmann::json& a, const nlohmann::json& b, double tolerance);

}  // namespace vuer_rtc
