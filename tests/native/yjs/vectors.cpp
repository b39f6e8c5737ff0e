#include "yjs/vectors.hpp"

#include <catch2/catch.hpp>
#include <fstream>

namespace vuer_rtc::yjs {

const nlohmann::json& vectors() {
  static const nlohmann::json all = [] {
    std::ifstream file(RTC_TESTS_DIR "/vectors/yjs-updates.json");
    return nlohmann::json::parse(file);
  }();
  return all;
}

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

std::string to_hex(ByteSpan bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) text += {kDigits[byte >> 4], kDigits[byte & 15]};
  return text;
}

Update read(const Slice& bytes) {
  Update update;
  const Fault fault = read_update(bytes, update);
  INFO(to_hex(bytes.view()) << ": " << fault_name(fault));
  REQUIRE(fault == Fault::None);
  return update;
}

Delta add(Store& store, const std::string& hex) {
  Delta delta = store.add(read(slice_of(hex)));
  INFO(hex);
  REQUIRE(store.check() == "");
  REQUIRE(delta.news.check() == "");
  return delta;
}

Store store_of(const std::vector<std::string>& updates) {
  Store store;
  for (const std::string& update : updates) add(store, update);
  return store;
}

std::string coverage(const Store& store) {
  std::string text = to_hex(store.vector().write());
  for (const auto& [client, line] : store.lines()) {
    text += " " + std::to_string(client) + ":";
    Clock end = 0;
    for (const Struct& one : line.structs) {
      if (one.clock != end) text += std::to_string(end) + "-" + std::to_string(one.clock) + " ";
      end = one.end();
    }
    text += std::to_string(end);
  }
  for (const auto& [client, ranges] : store.deletes()) {
    text += " deleted " + std::to_string(client);
    for (const Range& range : ranges)
      text += " " + std::to_string(range.from) + "-" + std::to_string(range.to);
  }
  return text;
}

}  // namespace vuer_rtc::yjs
