// Which origins may open a connection: exact verdicts.
#include "auth/origin.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc::server;

namespace {

constexpr const char* kHost = "rtc.example:8080";

}  // namespace

TEST_CASE("origin_of_the_same_host_or_localhost_is_allowed") {
  for (const char* origin :
       {"http://rtc.example:8080", "https://rtc.example:8080", "HTTP://RTC.example:8080",
        "http://RTC.EXAMPLE:8080", "http://localhost", "http://localhost:5173", "https://localhost",
        "http://LOCALHOST:3000", "http://127.0.0.1", "http://127.0.0.1:3000", "http://127.9.9.9",
        "http://127.255.255.255", "http://[::1]", "http://[::1]:80", "https://[::1]:8443"}) {
    INFO(origin);
    CHECK(is_origin_allowed(origin, kHost, {}));
  }
  CHECK(is_origin_allowed("https://rtc.example", "rtc.example:443", {}));
  CHECK(is_origin_allowed("https://rtc.example:443", "rtc.example", {}));
  CHECK(is_origin_allowed("http://rtc.example:80", "rtc.example", {}));
  CHECK(is_origin_allowed("http://[2001:db8::1]:8080", "[2001:db8::1]:8080", {}));
  CHECK(is_origin_allowed("http://xn--bcher-kva.example:8080", "xn--bcher-kva.example:8080", {}));
}

TEST_CASE("origin_of_elsewhere_is_refused") {
  for (const char* origin :
       {"", "null", "NULL", " ", "*", "//rtc.example:8080", "rtc.example:8080", "rtc.example",
        // another port, another name
        "http://rtc.example", "http://rtc.example:8081", "http://rtc.example:80800",
        "http://rtc.example:08080", "http://rtc.example:", "http://rtc.example:8080:8080",
        "http://evil.rtc.example:8080", "http://rtc.example.evil:8080",
        "http://evilrtc.example:8080", "http://rtc.example.:8080", "http://rtc.example:8080.evil",
        "http://rtc.examplé:8080",
        "http://rtс.example:8080",  // a Cyrillic letter
        // what a careless reader takes for the host
        "http://rtc.example:8080@evil", "http://rtc.example:8080/", "http://evil#rtc.example:8080",
        "http://evil/rtc.example:8080", "http://evil?rtc.example:8080",
        "http://evil\\rtc.example:8080", "http://rtc.example:8080 http://evil",
        "http://rtc.example:8080,evil",
        // other schemes
        "ftp://rtc.example:8080", "ws://rtc.example:8080", "file://", "chrome-extension://abc",
        "data:text/html,x", "http:rtc.example:8080", "http://", "https://",
        // what only looks like this machine
        "http://localhost.evil", "http://evillocalhost", "http://localhost.",
        "http://127.0.0.1.evil", "http://127.evil.0.1", "http://127.1", "http://127.0.0.256",
        "http://127.0.0.01", "http://127.0.0.1.", "http://127...", "http://0x7f.0.0.1",
        "http://2130706433", "http://0.0.0.0", "http://10.0.0.1", "http://[::2]",
        "http://[::1].evil", "http://[::ffff:127.0.0.1]", "http://::1", "http://localhost:x",
        "http://localhost@evil", "http:// localhost", "http://localhost\\evil"}) {
    INFO(origin);
    CHECK_FALSE(is_origin_allowed(origin, kHost, {}));
  }
}

TEST_CASE("origin_list_is_compared_exactly") {
  const std::vector<std::string> extra = {"https://app.example"};
  CHECK(is_origin_allowed("https://app.example", "x", extra));
  for (const char* origin :
       {"https://app.example.evil", "http://app.example", "https://app.example:443",
        "https://APP.example", "https://app.example/", "https://sub.app.example", "null"}) {
    INFO(origin);
    CHECK_FALSE(is_origin_allowed(origin, "x", extra));
  }
  CHECK_FALSE(is_origin_allowed("null", "x", std::vector<std::string>{"null"}));
}
