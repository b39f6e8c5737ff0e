#include "config.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

Result<Config> read(std::vector<std::string_view> arguments,
                    std::map<std::string, std::string> variables = {}) {
  return read_config(arguments, [&](const char* name) {
    const auto at = variables.find(name);
    return at == variables.end() ? nullptr : at->second.c_str();
  });
}

std::string fault(std::vector<std::string_view> arguments,
                  std::map<std::string, std::string> variables = {}) {
  const auto config = read(std::move(arguments), std::move(variables));
  REQUIRE_FALSE(config.ok());
  return config.error().text;
}

}  // namespace

TEST_CASE("config_flags_beat_the_environment_and_that_beats_the_defaults") {
  CHECK(read({})->port == 8080);
  CHECK(read({}, {{"PORT", "1"}})->port == 1);
  CHECK(read({}, {{"PORT", "1"}, {"VUER_RTC_PORT", "2"}})->port == 2);
  CHECK(read({"--port", "3"}, {{"VUER_RTC_PORT", "2"}})->port == 3);
  CHECK(read({"--port=4"})->port == 4);
  CHECK(read({}, {{"DATABASE_URL", "memory:"}})->database == "memory:");
  CHECK(read({"--allow-origin", "a", "--allow-origin=b"})->allow_origin ==
        std::vector<std::string>{"a", "b"});
  CHECK(read({}, {{"VUER_RTC_ALLOW_ORIGIN", "a,b"}})->allow_origin.size() == 2);
}

TEST_CASE("config_names_what_is_wrong") {
  CHECK(fault({"--prot", "1"}).find("--prot") != std::string::npos);
  CHECK(fault({"--port", "65536"}).find("--port") != std::string::npos);
  CHECK(fault({"--port", "x"}).find("0 to 65535") != std::string::npos);
  CHECK(fault({"--port"}).find("value") != std::string::npos);
  CHECK(fault({"serve-me"}).find("serve-me") != std::string::npos);
  CHECK(fault({}, {{"VUER_RTC_MAX_OPS", "0"}}).find("VUER_RTC_MAX_OPS") != std::string::npos);
  CHECK(fault({"--database", "oracle:x"}).find("--database") != std::string::npos);
  CHECK(fault({"--host", "0.0.0.0"}).find("--allow-anonymous") != std::string::npos);
  CHECK(read({"--host", "0.0.0.0", "--allow-anonymous"}).ok());
}

TEST_CASE("config_help_lists_every_flag") {
  const std::string help = help_text();
  for (const Flag& flag : flag_table())
    CHECK(help.find("--" + std::string(flag.name)) != std::string::npos);
}
