// The registry and its vectors: one file per operation, no file without one.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "json_messages.hpp"
#include "op_vectors.hpp"

namespace vuer_rtc {

TEST_CASE("every_operation_has_vectors_and_every_file_an_operation") {
  std::set<std::string> names;
  for (const std::string& name : registered_operations()) {
    INFO(name);
    CHECK(cases_of(name).size() >= 6);
    names.insert(name + ".json");
  }
  for (const auto& file : std::filesystem::directory_iterator(RTC_TESTS_DIR "/vectors/ops")) {
    INFO(file.path().string());
    CHECK(names.count(file.path().filename().string()) == 1);
  }
}

TEST_CASE("lone_surrogate_escapes_in_vectors_become_replacement_characters") {
  CHECK(parse_json(R"("\ud800")") == "\xef\xbf\xbd");
  CHECK(parse_json(R"("a\udc00\ud800b")") ==
        "a\xef\xbf\xbd\xef\xbf\xbd"
        "b");
  CHECK(parse_json(R"("\ud83d\ude00")") == "\xf0\x9f\x98\x80");
  CHECK(parse_json(R"("\\ud800")") == "\\ud800");
}

}  // namespace vuer_rtc
