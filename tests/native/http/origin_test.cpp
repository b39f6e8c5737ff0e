// Which origins may open a connection: exact verdicts.
#include "auth/origin.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc::server;

TEST_CASE("origin_of_the_same_host_or_localhost_is_allowed") {
  const std::string host = "rtc.example:8080";
  for (const char* origin :
       {"", "http://rtc.example:8080", "https://rtc.example:8080", "HTTP://RTC.example:8080",
        "http://localhost", "http://localhost:5173", "https://localhost", "http://127.0.0.1:3000",
        "http://127.9.9.9", "http://[::1]:80"}) {
    INFO(origin);
    CHECK(is_origin_allowed(origin, host, {}));
  }
  CHECK(is_origin_allowed("https://rtc.example", "rtc.example:443", {}));
  CHECK(is_origin_allowed("http://rtc.example:80", "rtc.example", {}));
}

TEST_CASE("origin_of_elsewhere_is_refused") {
  const std::string host = "rtc.example:8080";
  for (const char* origin : {"null",
                             "http://rtc.example",
                             "http://rtc.example:8081",
                             "http://rtc.example:80800",
                             "http://evil.rtc.example:8080",
                             "http://rtc.example.evil:8080",
                             "http://rtc.example:8080.evil",
                             "http://rtc.example:8080@evil",
                             "http://evil#rtc.example:8080",
                             "http://evil/rtc.example:8080",
                             "ftp://rtc.example:8080",
                             "rtc.example:8080",
                             "http://",
                             "http://localhost.evil",
                             "http://evillocalhost",
                             "http://127.0.0.1.evil",
                             "http://127.evil.0.1",
                             "http://localhost:x",
                             "http://localhost@evil",
                             "http://[::1].evil",
                             "http://[::2]",
                             "file://",
                             "chrome-extension://abc",
                             "http:// localhost",
                             "http://localhost\\evil"}) {
    INFO(origin);
    CHECK_FALSE(is_origin_allowed(origin, host, {}));
  }
}

TEST_CASE("origin_list_is_compared_exactly") {
  const std::vector<std::string> extra = {"https://app.example"};
  CHECK(is_origin_allowed("https://app.example", "x", extra));
  CHECK_FALSE(is_origin_allowed("https://app.example.evil", "x", extra));
  CHECK_FALSE(is_origin_allowed("http://app.example", "x", extra));
}
