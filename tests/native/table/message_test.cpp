// Frames of clients: numbers as they were written, the ladder of hostile texts, limits.
#include "protocol/table/message.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace vuer_rtc::table;
using nlohmann::json;

namespace {

const Rules kRules{"c", {}, 100};

std::string frame(const std::string& value) {
  return R"({"type":"update","channel":"c","siteId":"aaaa","version":1,"changes":)"
         R"([["todos","[\"t1\"]","title",)" +
         value + R"(,1,1,"aaaa",1,0]]})";
}

Value value_of(const std::string& text) {
  const auto read = read_message(frame(text), kRules);
  REQUIRE(std::holds_alternative<Message>(read));
  return std::get<Message>(read).changes[0].val;
}

Fault fault_of(const std::string& text) {
  const auto read = read_message(text, kRules);
  REQUIRE(std::holds_alternative<Refusal>(read));
  return std::get<Refusal>(read).fault;
}

std::string written(const std::string& text) {
  std::string out;
  append_value(value_of(text), out);
  return out;
}

}  // namespace

TEST_CASE("message_keeps_numbers_as_they_were_written") {
  for (const char* text : {"1", "1.0", "-1", "0", "0.5", "9007199254740993", "9223372036854775807",
                           "-9223372036854775808", "1e+300", "\"text\"", "null"})
    CHECK(written(text) == text);
  CHECK(value_of("1") != value_of("1.0"));
  CHECK(written("true") == "1");
  CHECK(written("-0.0") == "0.0");
  CHECK(written("18446744073709551615") == "18446744073709551616.0");
}

TEST_CASE("message_order_of_values_is_by_kind_then_by_size") {
  const char* ordered[] = {"null", "\"\"", "\"Z\"", "\"a\"", "\"é\"", "-1.5", "1e+300", "-7", "2"};
  for (std::size_t i = 0; i + 1 < std::size(ordered); ++i) {
    INFO(ordered[i]);
    CHECK(value_of(ordered[i]) < value_of(ordered[i + 1]));
  }
}

TEST_CASE("message_limits_hold_at_their_value_and_not_one_past_it") {
  const auto text = [](std::size_t size) { return '"' + std::string(size, 'x') + '"'; };
  CHECK(std::holds_alternative<Message>(read_message(frame(text(1u << 20)), kRules)));
  CHECK(fault_of(frame(text((1u << 20) + 1))) == Fault::BadValue);
  const auto many = [](int count) {
    json message = json::parse(frame("1"));
    const json change = message["changes"][0];
    while (static_cast<int>(message["changes"].size()) < count)
      message["changes"].push_back(change);
    return message.dump();
  };
  CHECK(std::holds_alternative<Message>(read_message(many(100), kRules)));
  CHECK(fault_of(many(101)) == Fault::TooManyChanges);
}

TEST_CASE("message_that_is_cut_short_is_no_json") {
  const std::string whole = frame("\"x\"");
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(fault_of(whole.substr(0, size)) == Fault::BadJson);
}

TEST_CASE("message_with_one_byte_changed_is_a_message_or_refused") {
  const std::string whole = frame("0.5");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int byte = 0; byte < 256; byte += 3) {
      std::string changed = whole;
      changed[at] = static_cast<char>(byte);
      const auto read = read_message(changed, kRules);
      if (const auto* message = std::get_if<Message>(&read)) CHECK(message->version >= 0);
    }
  }
}

TEST_CASE("message_of_another_kind_in_every_field_is_refused") {
  const json whole = json::parse(frame("1"));
  for (const json& odd : {json(), json(true), json(-1), json(1.5), json("x y"), json::array(),
                          json::object(), json(std::string(5000, 'a'))}) {
    for (std::size_t at = 0; at < 9; ++at) {
      if (at == 3) continue;  // a value may be any scalar
      json changed = whole;
      changed["changes"][0][at] = odd;
      INFO(changed.dump().substr(0, 200));
      CHECK(fault_of(changed.dump()) == Fault::BadChange);
    }
    for (const char* name : {"version", "siteId", "changes", "since"}) {
      json changed = whole;
      changed[name] = odd;
      if (odd.is_array() && std::string(name) == "changes") continue;
      CHECK(fault_of(changed.dump()) == Fault::BadMessage);
    }
  }
}
