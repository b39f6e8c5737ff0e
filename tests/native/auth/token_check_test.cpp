// Some hundred tokens against one checker, most of them attacks: each in a table, with its verdict.
// verdict.
#include "auth/token_check.hpp"

#include <openssl/hmac.h>

#include <catch2/catch.hpp>

#include "auth/token_cases.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

struct TokenCase {
  std::string name;
  std::string token;
  bool is_good = false;
};
using TokenCases = std::vector<TokenCase>;

/// The keys of an honest issuer, and of somebody else with the same kinds of keys.
struct Keys {
  Keys() {
    const PemPair pems[] = {PemPair("RSA"), PemPair("EC", "P-256"), PemPair("ED25519")};
    secrets.push_back(taken(JwtKey::from_secret(kTestSecret)));
    for (const PemPair& pem : pems) {
      secrets.push_back(taken(JwtKey::from_private_pem(pem.secret)));
      open.push_back(taken(JwtKey::from_public_pem(pem.open)));
      open_pems.push_back(pem.open);
    }
    strangers.push_back(taken(JwtKey::from_secret(std::string(40, 'x'))));
    for (const PemPair& pem : {PemPair("RSA"), PemPair("EC", "P-256"), PemPair("ED25519")})
      strangers.push_back(taken(JwtKey::from_private_pem(pem.secret)));
  }
  /// What a server is configured with.
  std::vector<JwtKey> configured() const {
    std::vector<JwtKey> keys = open;
    keys.push_back(secrets[0]);
    return keys;
  }
  std::vector<JwtKey> secrets, strangers, open;
  std::vector<std::string> open_pems;
};

const Keys& keys() {
  static const Keys made;
  return made;
}
const JwtKey& hs256() { return keys().secrets[0]; }

TokenCheck checker(TokenOptions options = {}) {
  if (options.keys.empty()) options.keys = keys().configured();
  return TokenCheck(std::move(options));
}

json with(json claims, const std::string& name, json value) {
  claims[name] = std::move(value);
  return claims;
}
json without(json claims, const std::string& name) {
  claims.erase(name);
  return claims;
}
json claiming(const std::string& name, json value) {
  return with(good_claims(), name, std::move(value));
}

/// Checks each and gives how many there were. A refusal must not repeat the token.
std::size_t check_all(const TokenCheck& check, const TokenCases& cases) {
  for (const TokenCase& one : cases) {
    INFO(one.name);
    const Result<Grant> grant = check.check(one.token, kTestNow * 1000);
    CHECK(grant.ok() == one.is_good);
    if (!grant.ok()) {
      CHECK(grant.error().code == ErrorCode::Forbidden);
      CHECK(grant.error().text.size() < 80);
    }
  }
  return cases.size();
}

std::string mac_of(const std::string& secret, const std::string& text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), out, &length);
  return std::string(reinterpret_cast<char*>(out), length);
}

/// Every algorithm a header may name, under the signature of every key.
TokenCases algorithm_cases() {
  const json names = {"none",   "None",  "NONE",  "nOnE",    "",      "HS256",   "HS384",
                      "HS512",  "RS256", "RS384", "RS512",   "PS256", "PS384",   "PS512",
                      "ES256",  "ES384", "ES512", "ES256K",  "EdDSA", "Ed25519", "hs256",
                      "HS256 ", nullptr, 5,       {"HS256"}, true};
  TokenCases cases;
  for (const JwtKey& key : keys().secrets) {
    for (const json& name : names) {
      const bool is_good = name == key.algorithm();
      cases.push_back({std::string(key.algorithm()) + " signs as " + name.dump(),
                       signed_with(key, good_claims(), {{"alg", name}}), is_good});
    }
    cases.push_back({"no algorithm", signed_with(key, good_claims(), {{"typ", "JWT"}})});
  }
  for (const char* name : {"none", "None", "NONE", "nOnE"}) {
    const std::string text =
        encode_base64url(json{{"alg", name}}.dump()) + "." + encode_base64url(good_claims().dump());
    cases.push_back({"unsigned", text + "."});
    cases.push_back({"unsigned without the last part", text});
    cases.push_back({"unsigned with some bytes", text + ".AAAA"});
  }
  return cases;
}

/// A public key is no secret: it must not verify a MAC made with its text.
TokenCases confusion_cases() {
  TokenCases cases;
  const std::string text = encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." +
                           encode_base64url(good_claims().dump());
  for (std::string pem : keys().open_pems) {
    cases.push_back({"MAC by a public key", text + "." + encode_base64url(mac_of(pem, text))});
    pem.pop_back();
    cases.push_back({"the same, cut", text + "." + encode_base64url(mac_of(pem, text))});
  }
  cases.push_back({"MAC by nothing", text + "." + encode_base64url(mac_of("", text))});
  cases.push_back({"the secret itself", text + "." + encode_base64url(kTestSecret)});
  for (std::size_t i = 0; i < keys().strangers.size(); ++i) {
    const JwtKey& stranger = keys().strangers[i];
    cases.push_back({"a stranger's key", signed_with(stranger, good_claims())});
    const json own = {{"alg", stranger.algorithm()}, {"jwk", {{"kty", "oct"}, {"k", "eHh4"}}}};
    cases.push_back({"a stranger's key in the header", signed_with(stranger, good_claims(), own)});
  }
  return cases;
}

/// Header fields that name a key or a place to get one are not looked at.
TokenCases header_cases() {
  TokenCases cases;
  const std::pair<const char*, json> tricks[] = {{"kid", "../../../../dev/null"},
                                                 {"kid", "' OR 1=1 --"},
                                                 {"kid", "|sleep 10"},
                                                 {"kid", json::array()},
                                                 {"kid", std::string(4000, 'k')},
                                                 {"kid", nullptr},
                                                 {"jku", "https://evil.example/keys"},
                                                 {"x5u", "file:///etc/passwd"},
                                                 {"x5c", json::array({"AAAA"})},
                                                 {"typ", "at+jwt"},
                                                 {"cty", "JWT"},
                                                 {"zip", "DEF"}};
  for (const auto& [name, value] : tricks) {
    const json header = {{"alg", "HS256"}, {name, value}};
    cases.push_back({name, signed_with(hs256(), good_claims(), header), true});
    cases.push_back({name, signed_with(keys().strangers[0], good_claims(), header)});
  }
  const std::string claims = good_claims().dump();
  for (const char* header : {"",
                             "null",
                             "[]",
                             "7",
                             "\"HS256\"",
                             "{",
                             "{}",
                             R"({"alg":"HS256"}})",
                             R"({"alg":"HS256"} {})",
                             R"({"alg":"none","alg":"HS256"})",
                             R"({"alg":"HS256","alg":"HS256"})",
                             R"({"alg":"HS256","crit":["b64"],"b64":false})",
                             R"({"alg":"HS256","crit":[]})",
                             R"({'alg':'HS256'})",
                             "{\"alg\":\"HS256\",}",
                             "{\"alg\":\"HS\\u0032\\u0035\"}",
                             "{\"alg\":\"HS256\\u0000\"}",
                             "{\"\":{\"alg\":\"HS256\"}}",
                             "\xef\xbb\xbf{\"alg\":\"HS256\"}",
                             "{\"alg\":\"\xff\"}"})
    cases.push_back({header, signed_texts(hs256(), header, claims)});
  cases.push_back({"escaped", signed_texts(hs256(), R"({"alg":"\u0048S256"})", claims), true});
  cases.push_back({"deep", signed_texts(hs256(), std::string(5000, '['), claims)});
  return cases;
}

TokenCases form_cases() {
  const std::string good = signed_with(hs256(), good_claims());
  const std::string open = good.substr(0, good.rfind('.'));
  TokenCases cases = {{"good", good, true}};
  for (const std::string& token : {std::string(),
                                   std::string("."),
                                   std::string(".."),
                                   std::string("..."),
                                   std::string("a.b"),
                                   std::string("a.b.c"),
                                   std::string("a.b.c.d.e"),
                                   " " + good,
                                   good + " ",
                                   good + "\n",
                                   "Bearer " + good,
                                   good + "=",
                                   good + ".",
                                   "." + good,
                                   good + "." + good,
                                   open,
                                   good_claims().dump(),
                                   std::string(kMaxTokenBytes + 1, 'a'),
                                   std::string(10 << 20, 'a'),
                                   std::string(10 << 20, '.'),
                                   good + std::string(10 << 20, 'A'),
                                   std::string("\0\0\0", 3),
                                   std::string("é.é.é")})
    cases.push_back({"form " + token.substr(0, 40), token});
  for (std::size_t cut = 0; cut < good.size(); cut += 3)
    cases.push_back({"cut at " + std::to_string(cut), good.substr(0, cut)});
  for (std::size_t at = 0; at < good.size(); at += 3) {
    std::string changed = good;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    cases.push_back({"changed at " + std::to_string(at), changed});
  }
  return cases;
}

TokenCases time_cases() {
  TokenCases cases;
  const auto add = [&](const char* name, json value, bool is_good) {
    cases.push_back(
        {name + (" " + value.dump()), signed_with(hs256(), claiming(name, value)), is_good});
  };
  for (const auto& [offset, is_good] :
       std::vector<std::pair<std::int64_t, bool>>{{1'000'000'000, true},
                                                  {1, true},
                                                  {0, true},
                                                  {-1, true},
                                                  {-29, true},
                                                  {-30, false},
                                                  {-31, false},
                                                  {-3600, false},
                                                  {-kTestNow, false}})
    add("exp", kTestNow + offset, is_good);
  for (const auto& [offset, is_good] : std::vector<std::pair<std::int64_t, bool>>{
           {-kTestNow, true}, {-1, true}, {0, true}, {30, true}, {31, false}, {3600, false}})
    add("nbf", kTestNow + offset, is_good);
  add("exp", static_cast<double>(kTestNow) + 0.5, true);
  add("exp", static_cast<double>(kTestNow) - 30.5, false);
  add("iat", kTestNow + 5, true);
  for (const char* name : {"exp", "nbf", "iat"}) {
    for (const json& value :
         json::array({"soon", std::to_string(kTestNow + 600), nullptr, true, json::array(),
                      json::object(), -1, -1e300, 1e300, 9007199254740993.0}))
      add(name, value, false);
  }
  cases.push_back({"without exp", signed_with(hs256(), without(good_claims(), "exp"))});
  return cases;
}

TokenCases claim_cases() {
  TokenCases cases;
  const auto add = [&](const char* name, json value, bool is_good) {
    cases.push_back(
        {name + (" " + value.dump()), signed_with(hs256(), claiming(name, value)), is_good});
  };
  for (const char* right : {"read", "write", "admin", "relay"}) add("rooms", {{"r", right}}, true);
  add("rooms", json::object(), true);
  for (const json& value : json::array({nullptr,
                                        1,
                                        true,
                                        "demo",
                                        json::array(),
                                        json::array({"demo"}),
                                        {{"r", "READ"}},
                                        {{"r", "owner"}},
                                        {{"r", ""}},
                                        {{"r", nullptr}},
                                        {{"r", 7}},
                                        {{"r", json::array({"read"})}},
                                        {{"r", {{"x", "read"}}}},
                                        {{"a", "read"}, {"b", "root"}}}))
    add("rooms", value, false);
  for (const char* name : {"alice", "bot-*", "*", "é"}) add("client", name, true);
  for (const json& value : json::array({nullptr, 1, "", json::array({"alice"}), json::object()}))
    add("client", value, false);
  add("aud", "anybody", false);  // this checker has no audience
  add("aud", nullptr, false);
  add("iss", "anybody", true);
  add("extra", json::array({json::array({json::object()})}), true);
  const std::string header = R"({"alg":"HS256"})";
  for (const char* text : {"", "null", "[]", "{", "{}", "\"x\"", "\xff",
                           R"({"exp":1900000000,"exp":1900000000,"rooms":{}})",
                           R"({"exp":1900000000,"rooms":{"a":"read","a":"admin"}})",
                           R"({"exp":1900000000,"rooms":{"a":"read"}}x)",
                           R"({"exp":NaN,"rooms":{}})", R"({"exp":1e400,"rooms":{}})"})
    cases.push_back({text, signed_texts(hs256(), header, text)});
  cases.push_back({"deep", signed_texts(hs256(), header, std::string(6000, '['))});
  return cases;
}

}  // namespace

TEST_CASE("token_check_gives_each_of_hundreds_of_tokens_its_verdict") {
  std::size_t count = 0;
  for (const TokenCases& cases : {algorithm_cases(), confusion_cases(), header_cases(),
                                  form_cases(), time_cases(), claim_cases()})
    count += check_all(checker(), cases);
  CHECK(count >= 300);
}

TEST_CASE("token_check_takes_only_the_algorithms_it_has_keys_for") {
  for (const JwtKey& configured : keys().configured()) {
    const TokenCheck check = checker({{configured}, "", ""});
    for (const JwtKey& key : keys().secrets) {
      const bool is_good = key.algorithm() == configured.algorithm();
      CHECK(check.check(signed_with(key, good_claims()), kTestNow * 1000).ok() == is_good);
    }
  }
}

TEST_CASE("token_check_compares_audience_and_issuer") {
  const TokenCheck check = checker({{}, "us", "them"});
  const auto verdict = [&](json claims) {
    return check.check(signed_with(hs256(), claims), kTestNow * 1000).ok();
  };
  const json good = with(with(good_claims(), "aud", "us"), "iss", "them");
  CHECK(verdict(good));
  CHECK(verdict(with(good, "aud", {"others", "us"})));
  CHECK_FALSE(verdict(without(good, "aud")));
  CHECK_FALSE(verdict(without(good, "iss")));
  for (const json& value : json::array({"US",
                                        "us ",
                                        "",
                                        nullptr,
                                        1,
                                        json::array(),
                                        {"others"},
                                        json::array({"us", 1}),
                                        {{"us", "us"}}}))
    CHECK_FALSE(verdict(with(good, "aud", value)));
  for (const json& value : json::array({"them/", "", nullptr, json::array({"them"})}))
    CHECK_FALSE(verdict(with(good, "iss", value)));
}

TEST_CASE("token_check_gives_the_rights_and_the_end_of_the_token") {
  const auto grant_at = [](std::int64_t wall) {
    json claims = good_claims();
    claims["rooms"] = {{"demo", "write"}, {"pub*", "read"}};
    return taken(checker().check(signed_with(hs256(), claims), wall));
  };
  const Grant grant = grant_at(kTestNow * 1000);
  CHECK(grant.right_in("demo") == Right::Write);
  CHECK(grant.right_in("public") == Right::Read);
  CHECK_FALSE(grant.right_in("other"));
  CHECK(grant.may_be("alice"));
  CHECK_FALSE(grant.may_be("bob"));
  const std::int64_t expires = (kTestNow + 600) * 1000;
  CHECK(grant.ends() == expires);
  CHECK(grant_at(expires - 1).ends() == expires);
  CHECK(grant_at(expires).ends() == expires + kTokenLeeway);  // a peer's clock may be behind ours
}

TEST_CASE("token_check_without_keys_lets_everybody_write") {
  const TokenCheck check{TokenOptions{}};
  CHECK_FALSE(check.is_on());
  CHECK(taken(check.check("", 0)).right_in("any") == Right::Write);
}

TEST_CASE("token_check_gives_everything_to_the_admin_token_with_keys_and_without") {
  TokenOptions options;
  options.admin_token = "sixteen characters";
  const TokenCheck open(options);
  CHECK(open.check("sixteen characters", 0)->right_in("any") == Right::Admin);
  CHECK(open.check("sixteen character", 0)->right_in("any") == Right::Write);
  CHECK(open.check("", 0)->right_in("any") == Right::Write);
  const TokenCheck closed = checker(options);
  CHECK(closed.check("sixteen characters", 0)->right_in("any") == Right::Admin);
  CHECK_FALSE(closed.check("sixteen character", 0).ok());
  CHECK_FALSE(closed.check("", 0).ok());
}
