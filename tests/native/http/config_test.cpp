#include "config.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

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

/// A file that goes with the test.
struct ConfigFile {
  explicit ConfigFile(const std::string& text) { std::ofstream(path) << text; }
  ~ConfigFile() { std::filesystem::remove(path); }
  const std::string path =
      (std::filesystem::temp_directory_path() / "vuer-rtc-config-test.json").string();
};

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
  Config config;
  for (const Flag& flag : flags_of(config)) {
    CHECK(help.find((flag.letter.empty() ? "       --" : ", --") + std::string(flag.name)) !=
          std::string::npos);
    CHECK(help.find(environment_name(flag.name)) != std::string::npos);
  }
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
}

TEST_CASE("config_file_is_weaker_than_the_environment_and_stronger_than_the_defaults") {
  const ConfigFile file(
      R"({"port": 1, "max-ops": 2, "max-rooms": 3, "allow-anonymous": true, "host": "0.0.0.0",
          "allow-origin": ["https://a", "https://b"]})");
  const auto config =
      read({"--config", file.path, "--max-rooms", "5"}, {{"VUER_RTC_MAX_OPS", "4"}});
  REQUIRE(config.ok());
  CHECK(config->port == 1);
  CHECK(config->max_ops == 4);
  CHECK(config->max_rooms == 5);
  CHECK(config->host == "0.0.0.0");
  CHECK(config->allow_origin == std::vector<std::string>{"https://a", "https://b"});
  CHECK(read({}, {{"VUER_RTC_CONFIG", file.path}, {"VUER_RTC_ALLOW_ORIGIN", "https://c"}})
            ->allow_origin == std::vector<std::string>{"https://c"});
}

TEST_CASE("config_file_faults_name_the_file_and_the_key") {
  const auto because = [](const std::string& text) {
    const ConfigFile file(text);
    return fault({"--config", file.path});
  };
  CHECK(because("{").find("is not a JSON object") != std::string::npos);
  CHECK(because("[]").find("is not a JSON object") != std::string::npos);
  CHECK(because(R"({"prot": 1})").find("prot: unknown flag") != std::string::npos);
  CHECK(because(R"({"config": "x"})").find("config: unknown flag") != std::string::npos);
  CHECK(because(R"({"port": "1"})").find("port: a value of another type") != std::string::npos);
  CHECK(because(R"({"port": 1.5})").find("port") != std::string::npos);
  CHECK(because(R"({"port": 65536})").find("0 to 65535") != std::string::npos);
  CHECK(because(R"({"allow-origin": "x"})").find("allow-origin") != std::string::npos);
  CHECK(because(R"({"allow-origin": [1]})").find("allow-origin") != std::string::npos);
  CHECK(fault({"--config", "there-is-no-such-file"}).find("cannot be read") != std::string::npos);
}

TEST_CASE("config_refuses_a_broker_so_that_no_room_has_two_owners") {
  CHECK(fault({}, {{"REDIS_URL", "redis://r"}}).find("REDIS_URL") != std::string::npos);
  CHECK(fault({"--broker", "redis://r"}).find("--broker") != std::string::npos);
  CHECK(read({}, {{"REDIS_URL", ""}}).ok());
}

TEST_CASE("config_limits_are_those_in_force") {
  const auto limits = limits_of(*read({"--max-depth", "7"}));
  const auto at = std::find_if(limits.begin(), limits.end(),
                               [](const auto& one) { return one.first == "max-depth"; });
  REQUIRE(at != limits.end());
  CHECK(at->second == 7);
  CHECK(fault({"--max-depth", "65"}).find("1 to 64") != std::string::npos);
}

TEST_CASE("config_reads_short_flags_and_the_names_other_servers_use") {
  CHECK(read({"-p", "81"})->port == 81);
  CHECK(read({"-p=82"})->port == 82);
  CHECK(read({"--port", "83"}, {{"PORT", "84"}})->port == 83);
  CHECK(read({}, {{"PORT", "84"}, {"HOST", "localhost"}})->host == "localhost");
  CHECK(read({"--host", "127.0.0.2"}, {{"HOST", "localhost"}})->host == "127.0.0.2");
  CHECK(read({"-v"})->log_level == "debug");
  CHECK(read({"-h"})->help);
  CHECK(fault({"-x"}).find("unknown") != std::string::npos);
}

TEST_CASE("config_takes_the_last_plain_level_of_a_list") {
  CHECK(read({}, {{"RUST_LOG", "warn"}})->log_level == "warn");
  CHECK(read({}, {{"RUST_LOG", "server=debug,info"}})->log_level == "info");
  CHECK(read({}, {{"RUST_LOG", "debug"}, {"LOG_LEVEL", "error"}})->log_level == "error");
  CHECK(read({"--log-level", "trace"})->log_level == "trace");
  CHECK(fault({}, {{"RUST_LOG", "loud"}}).find("--log-level") != std::string::npos);
}
