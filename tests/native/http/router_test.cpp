// Every row of the REST API: what it answers, to whom, and what it refuses.
#include "http/router.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "room/room_probe.hpp"
#include "storage/memory_store.hpp"
#include "storage/store_queue.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

struct Answered {
  int status = 0;
  json body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string header(const std::string& name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
  std::string code() const { return body["error"]["code"]; }
};

/// A router over rooms in memory; everything asked for is done before a call returns. Tokens are
/// the names of rights ("admin" and so on, for room "demo"), "all" reads every room.
struct Api {
  explicit Api(Config config = {})
      : store(std::make_unique<MemoryStore>(), post(), [] {}),
        host(store, {}, services()),
        router(host, config, [](const net::Request& request) { return grant_of(request); }) {}
  Post post() {
    return [this](std::function<void()> what) { posted.push_back(std::move(what)); };
  }
  HostServices services() {
    return {[] {
              return Now{1000, 5000};
            },
            [] { return "epoch"; }, [] {},
            [](std::string_view, std::int64_t) { return Grant::of_everybody(); }, post()};
  }
  static Result<Grant> grant_of(const net::Request& request) {
    Grant grant;
    const std::string& token = request.authorization;
    if (token == "all") {
      grant.allow("*", Right::Read);
    } else if (const auto right = right_named(token)) {
      grant.allow("demo", *right);
    } else {
      return make_error(ErrorCode::Forbidden, "token: bad");
    }
    return grant;
  }
  void settle() {
    while (store.run() || !posted.empty())
      for (auto& what : std::exchange(posted, {})) what();
  }
  Answered ask(const net::Request& request) {
    Answered answered;
    router.answer(request, [&](net::Response response) {
      CHECK(answered.status == 0);
      answered.status = response.status;
      answered.body = json::parse(response.body, nullptr, false);
      answered.headers = response.headers;
    });
    settle();
    return answered;
  }
  Answered ask(const std::string& method, const std::string& target,
               const std::string& token = "admin", const std::string& body = {}) {
    net::Request request;
    request.method = method;
    request.target = target;
    request.authorization = token;
    request.body = body;
    return ask(request);
  }
  Answered get(const std::string& target, const std::string& token = "admin") {
    return ask("GET", target, token);
  }
  Answered post_ops(const json& ops) {
    return ask("POST", "/api/rooms/demo/messages", "write", json{{"ops", ops}}.dump());
  }
  std::vector<std::function<void()>> posted;
  StoreQueue store;
  RoomHost host;
  Router router;
};

json set_x(int value) {
  return json::array({{{"ot", "number.set"}, {"key", "n"}, {"path", "x"}, {"value", value}}});
}

}  // namespace

TEST_CASE("router_answers_health_and_readiness_without_a_token") {
  Api api;
  const Answered health = api.get("/health", "");
  CHECK(health.status == 200);
  CHECK(health.body["status"] == "ok");
  CHECK(health.header("Cache-Control") == "no-store");
  CHECK(health.body["service"] == "vuer-rtc-server");
  CHECK(health.body["checks"] ==
        json{{"server", "healthy"}, {"storage", "healthy"}, {"redis", "disabled"}});
  CHECK(api.get("/ready", "").status == 200);
  api.host.shut_down([] {});
  CHECK(api.get("/health", "").status == 200);
  CHECK(api.get("/ready", "").status == 503);
  CHECK(api.get("/ready", "").code() == "shutting_down");
}

TEST_CASE("router_shows_a_store_that_fails_in_health_and_readiness") {
  Api api;
  std::string_view fault = "a fault";
  api.router.ask_before_ready([&fault] { return fault; });
  CHECK(api.get("/health", "").status == 200);
  CHECK(api.get("/health", "").body["checks"]["storage"] == "unhealthy");
  CHECK(api.get("/ready", "").status == 503);
  fault = "";
  CHECK(api.get("/ready", "").status == 200);
  Config config;
  config.database = "memory:";
  CHECK(Api(config).get("/health", "").body["checks"]["storage"] == "disabled");
}

TEST_CASE("router_tells_every_limit_and_the_figures_of_the_server") {
  Api api;
  CHECK(api.get("/api/limits").body["limits"]["max-ops"] == 10'000);
  CHECK(api.get("/api/limits").body["durability"] == "durable");
  REQUIRE(api.post_ops(json::array({insert_node("n")})).status == 202);
  const json stats = api.get("/api/stats", "all").body;
  CHECK(stats["documents"] == 1);
  CHECK(stats["operations"] == 1);
  CHECK(stats["rooms"] == 1);
}

TEST_CASE("router_writes_in_the_servers_name_and_numbers_on") {
  Api api;
  const Answered first = api.post_ops(json::array({insert_node("n")}));
  REQUIRE(first.status == 202);
  CHECK(first.body == json{{"msgId", "$server:1"}, {"serverSeq", 1}, {"lt", 1}, {"stable", -1}});
  CHECK(api.post_ops(set_x(7)).body["serverSeq"] == 2);
  const json state = api.get("/api/rooms/demo/state").body;
  CHECK(state["journal"][1]["client"] == "$server");
  CHECK(state["journal"][1]["clock"]["$server"] == 2);
  CHECK(state["journal"][1]["ts"] == 5000);
  CHECK(state["journal"][1]["serverSeq"] == 2);

  const auto post = [&](const json& message) {
    return api.ask("POST", "/api/rooms/demo/messages", "write", message.dump());
  };
  const json whole = words("$server", 3, 3, set_x(8));
  CHECK(post(whole).body["serverSeq"] == 3);
  CHECK(post(whole).body["serverSeq"] == 3);  // a repeat gets the same ack
  json other = whole;
  other["ops"] = set_x(9);
  CHECK(post(other).status == 409);
  CHECK(post(other).code() == "id_reused");
  CHECK(post(words("$server", 9, 9)).code() == "gap");
  CHECK(post(words("alice", 1, 9)).status == 403);
  CHECK(api.get("/api/rooms/demo/digest").body["serverSeq"] == 3);
}

TEST_CASE("router_refuses_a_message_that_does_not_fit_and_changes_nothing") {
  Config config;
  config.max_message_size = 1024;
  Api api(config);
  const auto post = [&](const std::string& body) {
    return api.ask("POST", "/api/rooms/demo/messages", "write", body);
  };
  CHECK(post("").status == 400);
  CHECK(post("{").code() == "bad_frame");
  CHECK(post("[]").status == 400);
  CHECK(post("{}").code() == "bad_message");
  CHECK(post(R"({"ops":7})").status == 400);
  CHECK(post(R"({"ops":[{"ot":"none.such"}]})").status == 202);  // the law ignores unknown ops
  CHECK(post(json{{"ops", std::string(2000, 'x')}}.dump()).status == 413);
  CHECK(api.get("/api/rooms/demo/digest").body["serverSeq"] == 1);
}

TEST_CASE("router_shows_a_room_as_of_a_serverSeq") {
  Api api;
  api.post_ops(json::array({insert_node("n")}));
  api.post_ops(set_x(1));
  api.post_ops(set_x(2));
  const json then = api.get("/api/rooms/demo/state?form=compact&at=2").body;
  CHECK(then["serverSeq"] == 2);
  CHECK(then["journal"].size() == 2);
  CHECK(api.get("/api/rooms/demo/state?at=4").status == 404);
  CHECK(api.get("/api/rooms/demo/state?at=x").status == 400);
  CHECK(api.get("/api/rooms/demo/state?form=other").status == 400);
}

TEST_CASE("router_pages_through_the_history") {
  Api api;
  api.post_ops(json::array({insert_node("n")}));
  for (int i = 0; i < 3; ++i) api.post_ops(set_x(i));
  const json page = api.get("/api/rooms/demo/history?limit=2").body["entries"];
  REQUIRE(page.size() == 2);
  CHECK(page[1] == json{{"serverSeq", 4},
                        {"msgId", "$server:4"},
                        {"client", "$server"},
                        {"ts", 5000},
                        {"ops", 1}});
  CHECK(api.get("/api/rooms/demo/history?before=3").body["entries"].size() == 2);
  CHECK(api.get("/api/rooms/demo/history?before=1").body["entries"].empty());
  CHECK(api.get("/api/rooms/demo/history?limit=1001").status == 400);
}

TEST_CASE("router_clears_a_room_for_who_may") {
  Api api;
  CHECK(api.ask("DELETE", "/api/rooms/demo").status == 404);
  api.post_ops(json::array({insert_node("n")}));
  CHECK(api.ask("DELETE", "/api/rooms/demo", "write").status == 403);
  CHECK(api.ask("DELETE", "/api/rooms/demo", "relay").status == 403);
  CHECK(api.ask("DELETE", "/api/rooms/demo").body["epoch"] == "epoch");
  CHECK(api.get("/api/rooms/demo/digest").status == 404);
  CHECK(api.post_ops(set_x(1)).body["serverSeq"] == 1);
}

TEST_CASE("router_asks_for_the_right_of_every_row") {
  struct Case {
    std::string method, target, least;  // the least right that is enough
  };
  const std::vector<Case> cases = {
      {"GET", "/api/rooms/demo/state", "read"},      {"GET", "/api/rooms/demo/digest", "read"},
      {"GET", "/api/rooms/demo/members", "read"},    {"GET", "/api/rooms/demo/history", "read"},
      {"POST", "/api/rooms/demo/messages", "write"}, {"DELETE", "/api/rooms/demo", "admin"}};
  for (const Case& one : cases) {
    Api api;
    INFO(one.method << " " << one.target);
    CHECK(api.ask(one.method, one.target, "").status == 401);
    CHECK(api.ask(one.method, one.target, "").header("WWW-Authenticate") == "Bearer");
    const bool reads = one.least == "read", admin = one.least == "admin";
    CHECK((api.ask(one.method, one.target, "read").status == 403) == !reads);
    CHECK((api.ask(one.method, one.target, "write").status == 403) == admin);
    CHECK(api.ask(one.method, one.target, "admin").status != 403);
    std::string other = one.target;
    other.replace(other.find("demo"), 4, "other");
    CHECK(api.ask(one.method, other, "admin").status == 403);
    CHECK(api.ask(one.method, one.target + "/more").status != 200);
  }
  Api api;
  CHECK(api.get("/api/limits", "").status == 401);
  CHECK(api.get("/api/stats", "admin").status == 403);
  CHECK(api.get("/api/stats", "all").status == 200);
}

TEST_CASE("router_lists_only_rooms_that_the_token_may_read") {
  Api api;
  api.post_ops(json::array({insert_node("n")}));
  const json seen = api.get("/api/rooms", "read").body["rooms"];
  REQUIRE(seen.size() == 1);
  CHECK(seen[0]["id"] == "demo");
  CHECK(seen[0]["serverSeq"] == 1);
  CHECK(seen[0]["digest"] == api.get("/api/rooms/demo/digest").body["digest"]);
  CHECK(api.get("/api/rooms", "all").body["rooms"].size() == 1);
}

TEST_CASE("router_shows_what_is_stored") {
  Api api;
  CHECK(api.get("/api/documents/demo").status == 404);
  api.post_ops(json::array({insert_node("n")}));
  api.post_ops(set_x(7));
  const json list = api.get("/api/documents").body;
  REQUIRE(list["documents"].size() == 1);
  CHECK(list["documents"][0]["id"] == "demo");
  CHECK(list["next"].is_null());
  CHECK(api.get("/api/documents?limit=1").body["next"] == "demo");
  CHECK(api.get("/api/documents?after=demo").body["documents"].empty());
  CHECK(api.get("/api/documents?limit=0").status == 400);
  const json one = api.get("/api/documents/demo").body;
  CHECK(one["version"] == 2);
  CHECK(one["currentState"]["nodes"]["n"]["x"] == 7);
  const json journal = api.get("/api/documents/demo/journal?limit=1").body;
  REQUIRE(journal["batches"].size() == 1);
  CHECK(journal["batches"][0]["id"] == 1);
  CHECK(journal["batches"][0]["operations"][0]["id"] == "$server:1");
  CHECK(journal["next"] == 1);
  CHECK(api.get("/api/documents/demo/journal?after=1").body["batches"][0]["id"] == 2);
  CHECK(api.get("/api/documents/demo/journal?after=x").status == 400);
  const json sizes = api.get("/api/stats/sizes", "all").body;
  CHECK(sizes["JournalBatch"] > 0);
  CHECK(sizes["total"] > sizes["JournalBatch"]);
  CHECK(api.get("/api/stats/sizes", "admin").status == 403);
}

TEST_CASE("router_names_the_methods_of_a_path") {
  Api api;
  const Answered refused = api.ask("PUT", "/api/rooms/demo");
  CHECK(refused.status == 405);
  CHECK(refused.header("Allow") == "DELETE");
  CHECK(api.ask("POST", "/health").header("Allow") == "GET, HEAD");
  CHECK(api.ask("POST", "/").status == 405);
  CHECK(api.ask("HEAD", "/health").status == 200);
  CHECK(api.get("/api/none").status == 404);
  CHECK(api.get("/ws/demo").status == 426);
  CHECK(api.get("/%ff").status == 400);
  CHECK(api.get("/api/rooms//digest").status == 400);
}

TEST_CASE("router_lets_no_page_of_others_write") {
  Api api;
  net::Request request;
  request.method = "POST";
  request.target = "/api/rooms/demo/messages";
  request.authorization = "write";
  request.body = R"({"ops":[]})";
  request.has_origin = true;
  request.origin = "https://evil.example";
  CHECK(api.ask(request).status == 403);
  request.origin = "http://localhost:9";
  CHECK(api.ask(request).status == 202);
}
