// Bytes as the target of a request: what can be read says the same when it is written again, and
// the router gives every target one answer; what calls itself JSON is, and every refusal does.
#include "http/target.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "fuzz/law.hpp"
#include "http/router.hpp"
#include "protocol/json_reader.hpp"
#include "storage/memory_store.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;
using namespace vuer_rtc::server;

namespace {

std::string escaped(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

void check_round_trip(std::string_view text) {
  const std::optional<Target> target = parse_target(text);
  if (!target) return;
  std::string again = target->segments.empty() ? "/" : "";
  for (const std::string& segment : target->segments) again += "/" + escaped(segment);
  again.push_back('?');
  for (const auto& [name, value] : target->query) {
    if (again.back() != '?') again.push_back('&');
    again += escaped(name) + "=" + escaped(value);
  }
  const std::optional<Target> second = parse_target(again);
  must(second.has_value(), "a target that was written can be read");
  must(second->segments == target->segments, "and has the same path");
  must(second->query == target->query, "and the same query");
}

class Site {
 public:
  Site()
      : store_(std::make_unique<MemoryStore>(), post(), [] {}),
        host_(store_, HostOptions{}, services()) {}

  net::Response ask(const std::string& target) {
    std::optional<net::Response> answer;
    int answers = 0;
    net::Request request;
    request.method = "GET";
    request.target = target;
    router_.answer(request, [&](net::Response response) {
      answer = std::move(response);
      answers++;
    });
    while (!answer) run();
    must(answers == 1, "a request has one answer");
    return *answer;
  }

 private:
  Post post() {
    return [this](std::function<void()> what) { waiting_.push_back(std::move(what)); };
  }
  void run() {
    must(store_.run() || !waiting_.empty(), "an answer comes without another request");
    while (!waiting_.empty()) {
      const std::function<void()> what = std::move(waiting_.front());
      waiting_.pop_front();
      what();
    }
  }
  HostServices services() {
    return {[] { return Now{}; }, [] { return std::string("epoch"); }, [] {},
            [](std::string_view, std::int64_t) { return Result<Grant>(Grant::of_everybody()); },
            post()};
  }
  std::deque<std::function<void()>> waiting_;  // what was posted to the caller
  StoreQueue store_;
  RoomHost host_;
  Router router_{host_, Config{},
                 [](const net::Request&) { return Result<Grant>(Grant::of_everybody()); }};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Site site;
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_round_trip(text);
  const net::Response response = site.ask(text);
  must(response.status >= 200 && response.status < 600, "an answer has a status");
  const bool is_json = response.type == "application/json";
  must(is_json || response.status == 200, "a refusal is JSON");
  must(!is_json || json_to_msgpack(response.body).ok(), "and what says so is JSON");
  return 0;
}
