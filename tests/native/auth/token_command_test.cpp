#include "tools/token_command.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "auth/token_cases.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

/// A file that goes with the test.
struct KeyFile {
  explicit KeyFile(const std::string& bytes) { std::ofstream(path) << bytes; }
  ~KeyFile() { std::filesystem::remove(path); }
  const std::string path = (std::filesystem::temp_directory_path() / "vuer-rtc-key-test").string();
};

Result<std::string> run(std::vector<std::string_view> arguments) {
  const auto nothing = [](const char*) -> const char* { return nullptr; };
  return run_token_command(arguments, nothing, kTestNow * 1000);
}

std::string fault(std::vector<std::string_view> arguments) {
  const auto token = run(std::move(arguments));
  REQUIRE_FALSE(token.ok());
  return token.error().text;
}

}  // namespace

TEST_CASE("token_command_makes_tokens_that_the_server_accepts") {
  const PemPair pems[] = {PemPair("RSA"), PemPair("EC", "P-256"), PemPair("ED25519")};
  std::vector<std::pair<std::string, JwtKey>> pairs = {
      {kTestSecret + "\n", taken(JwtKey::from_secret(kTestSecret))}};
  for (const PemPair& pem : pems)
    pairs.emplace_back(pem.secret, taken(JwtKey::from_public_pem(pem.open)));
  for (const auto& [bytes, key] : pairs) {
    const KeyFile file(bytes);
    std::string token = taken(
        run({"--key-file", file.path, "--rooms", "a=b=read", "--rooms", "c*=admin", "--client",
             "bot-*", "--expires", "2m", "--audience", "us", "--issuer", "them"}));
    REQUIRE(token.ends_with('\n'));
    token.pop_back();
    const TokenCheck check{{{key}, "us", "them"}};
    const Grant grant = taken(check.check(token, kTestNow * 1000));
    CHECK(grant.right_in("a=b") == Right::Read);
    CHECK(grant.right_in("cd") == Right::Admin);
    CHECK(grant.may_be("bot-1"));
    CHECK_FALSE(grant.may_be("alice"));
    CHECK(grant.ends() == (kTestNow + 120) * 1000);
  }
}

TEST_CASE("token_command_names_the_flag_that_is_wrong") {
  const KeyFile file(kTestSecret);
  CHECK(fault({"--rooms", "a=read"}).find("--key-file") != std::string::npos);
  CHECK(fault({"--key-file", "no-such-file", "--rooms", "a=read"}).find("no-such-file") !=
        std::string::npos);
  CHECK(fault({"--key-file", file.path}).find("--rooms") != std::string::npos);
  for (const char* rule : {"a", "=read", "a=", "a=owner", ""})
    CHECK(fault({"--key-file", file.path, "--rooms", rule}).find("--rooms") != std::string::npos);
  for (const char* time : {"", "1", "h", "0h", "-1h", "1w", "1h ", "99999999d"})
    CHECK(fault({"--key-file", file.path, "--rooms", "a=read", "--expires", time})
              .find("--expires") != std::string::npos);
  CHECK(taken(run({"--help"})).find("--key-file") != std::string::npos);
}
